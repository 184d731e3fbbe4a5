"""The memory keeps files as the contract says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hq.files.memory import MemoryBlobs
from hq.files.port import Blobs
from tests.contract.blobs import BlobsContract


class TestMemory(BlobsContract):
    @pytest.fixture
    def blobs(self) -> Blobs:
        return MemoryBlobs()

    @pytest.fixture
    def spoil(self, blobs: MemoryBlobs) -> Callable[[str], None]:
        def spoiled(name: str) -> None:
            blobs._kept[name] = b"another"

        return spoiled
