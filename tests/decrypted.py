"""What stands in a tablet's encrypted database file, free pages too: decrypted here, by no code of the product.

SQLCipher 4: AES-256-CBC, a page's initialisation vector stands in its reserve; the first page begins with the salt.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_PAGE, _RESERVE, _SALT = 4096, 80, 16
_LOG_HEADER, _FRAME_HEADER = 32, 24


def file_pages(path: Path, key: bytes) -> bytes:
    """Every page of the file, in the clear."""
    return _pages(path.read_bytes(), key, 0, 0)


def log_pages(path: Path, key: bytes) -> bytes:
    """Every page in the write-ahead log beside the file, in the clear; nothing where there is none."""
    log = path.with_name(f"{path.name}-wal")
    return _pages(log.read_bytes(), key, _LOG_HEADER, _FRAME_HEADER) if log.exists() else b""


def _pages(data: bytes, key: bytes, start: int, header: int) -> bytes:
    found = b""
    for at in range(start, len(data), header + _PAGE):
        page = data[at + header : at + header + _PAGE]
        iv = page[_PAGE - _RESERVE : _PAGE - _RESERVE + 16]
        for salt in (0, _SALT):
            decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
            found += decryptor.update(page[salt : _PAGE - _RESERVE])
    return found
