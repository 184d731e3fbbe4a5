"""`python -m guide_app` is `guide`."""

import sys

from guide_app.cli import main

sys.exit(main())
