from __future__ import annotations

from pathlib import Path

import pytest

from guide_app.domain.errors import BadInput
from guide_app.settings import Settings, read


def test_defaults(tmp_path: Path) -> None:
    settings = read({"GUIDE_DATA": str(tmp_path)})
    assert settings == Settings(data=tmp_path)
    assert (settings.log_level, settings.key_source, settings.language, settings.windowed) == (
        "INFO",
        "auto",
        "",
        False,
    )
    assert settings.database.parent == settings.keys.parent == settings.logs.parent == tmp_path


def test_without_a_folder_it_is_the_accounts_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert read({}).data == tmp_path / "store-guide"


def test_the_environment_is_read(tmp_path: Path) -> None:
    settings = read(
        {
            "GUIDE_DATA": str(tmp_path), "GUIDE_LOG_LEVEL": "DEBUG", "GUIDE_KEY_SOURCE": "file", "GUIDE_LANG": "zh_CN",
            "GUIDE_WINDOWED": "1", "GUIDE_FILES_MB": "250",
        }
    )  # fmt: skip
    assert settings == Settings(tmp_path, "DEBUG", "file", "zh_CN", True, files_mb=250)


def test_options_go_before_the_environment(tmp_path: Path) -> None:
    given = {"data": str(tmp_path / "x"), "language": "en", "windowed": True}
    settings = read({"GUIDE_DATA": str(tmp_path), "GUIDE_LANG": "zh_CN", "GUIDE_WINDOWED": "0"}, given)
    assert (settings.data, settings.language, settings.windowed) == (tmp_path / "x", "en", True)
    unused = dict.fromkeys(given)
    assert read({"GUIDE_DATA": str(tmp_path)}, unused) == Settings(tmp_path)


@pytest.mark.parametrize(
    "name", ["GUIDE_LOG_LEVEL", "GUIDE_KEY_SOURCE", "GUIDE_LANG", "GUIDE_WINDOWED", "GUIDE_FILES_MB"]
)
def test_a_value_that_is_none_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as told:
        read({"GUIDE_DATA": str(tmp_path), name: "nonsense"})
    assert (told.value.code, told.value.detail) == ("setting", name)
