# sqlcipher3 0.6.4: what Store Guide uses of it. Its classes are its own, not those of the sqlite3 module.
from sqlcipher3.dbapi2 import *
