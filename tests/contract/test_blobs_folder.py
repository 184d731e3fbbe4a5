"""The folder keeps files as the contract says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hq.files.folder import FolderBlobs
from hq.files.port import Blobs, BlobsFailed
from tests.contract.blobs import BlobsContract


class TestFolder(BlobsContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> Blobs:
        return FolderBlobs(tmp_path / "files")

    @pytest.fixture
    def spoil(self, tmp_path: Path) -> Callable[[str], None]:
        def spoiled(name: str) -> None:
            (tmp_path / "files" / name[:2] / name).write_bytes(b"another")

        return spoiled

    def test_files_and_folders_are_this_account_s_alone(self, blobs: Blobs, tmp_path: Path) -> None:
        blobs.put([b"a picture"])
        assert {path.stat().st_mode & 0o077 for path in (tmp_path / "files").rglob("*")} == {0}

    def test_what_was_left_by_a_kill_is_no_file(self, blobs: Blobs, tmp_path: Path) -> None:
        name = blobs.put([b"a picture"]).sha256
        (tmp_path / "files" / ".coming-left").write_bytes(b"half")
        assert list(blobs.every()) == [name]

    def test_a_place_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "files").write_bytes(b"no folder")
        with pytest.raises(BlobsFailed):
            FolderBlobs(tmp_path / "files").put([b"a picture"])
