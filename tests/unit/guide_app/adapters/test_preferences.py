from __future__ import annotations

from pathlib import Path

import pytest

from guide_app.adapters.preferences import FilePreferences, language_of
from guide_app.domain.errors import NotSaved


def test_before_anything_was_chosen_there_are_defaults_and_no_file(tmp_path: Path) -> None:
    preferences = FilePreferences(tmp_path / "preferences.json", "zh_CN")
    assert (preferences.language, preferences.text_scale) == ("zh_CN", 1.0)
    assert (preferences.theme, preferences.reduce_motion) == ("system", False)
    assert not (tmp_path / "preferences.json").exists()


def test_what_was_chosen_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "new" / "preferences.json"
    preferences = FilePreferences(path, "en")
    preferences.language, preferences.text_scale = "zh_CN", 1.3
    preferences.theme, preferences.reduce_motion = "dark", True
    preferences.save()
    again = FilePreferences(path, "en")
    assert (again.language, again.text_scale, again.theme, again.reduce_motion) == ("zh_CN", 1.3, "dark", True)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"language":"xx"}', b'{"language":"en","text_scale":40}', b'{"theme":"dark"}'],
)
def test_a_damaged_file_leaves_the_defaults(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "preferences.json"
    path.write_bytes(content)
    preferences = FilePreferences(path, "en")
    assert (preferences.language, preferences.text_scale, preferences.theme) == ("en", 1.0, "system")
    assert "cannot be read" in caplog.text
    preferences.save()
    FilePreferences(path, "zh_CN")
    assert len(caplog.records) == 1


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    preferences = FilePreferences(tmp_path / "folder" / "preferences.json", "en")
    (tmp_path / "folder").write_text("a file in the way")
    with pytest.raises(NotSaved):
        preferences.save()


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN.UTF-8", "zh_CN"), ("zh-Hans", "zh_CN"), ("en_GB", "en"), ("", "en"), ("C", "en")]
)
def test_the_language_to_begin_with(locale: str, language: str) -> None:
    assert language_of(locale) == language
