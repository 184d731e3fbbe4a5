"""HQ's settings from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain.errors import BadInput
from hq import environment


def secret(data: Path) -> str:
    return environment.read({"GUIDE_HQ_DATA": str(data)}).secret_key


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    made = secret(tmp_path / "data")
    assert len(made) >= 50
    assert secret(tmp_path / "data") == made
    (file,) = (tmp_path / "data").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert secret(tmp_path / "other") != made


def test_a_kill_while_the_secret_is_made_leaves_no_half_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(handle: int, *_args: Any, **_more: Any) -> None:
        os.close(handle)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", killed)
        with pytest.raises(KeyboardInterrupt):
            secret(tmp_path)
    assert len(secret(tmp_path)) >= 50


@pytest.mark.parametrize("days", ["35", "0", "-40", "soon", "٦٠"])
def test_tombstones_stay_longer_than_tablets_keep_closed_operations(days: str) -> None:
    assert environment.read({}).tombstone_days == 60
    assert environment.read({"GUIDE_HQ_TOMBSTONE_DAYS": "36"}).tombstone_days == 36
    with pytest.raises(BadInput, match="setting_tombstone_days"):
        environment.read({"GUIDE_HQ_TOMBSTONE_DAYS": days})


@pytest.mark.parametrize("count", ["-1", "many", "1.5", "٦", "10000000"])
def test_streams_are_a_number(count: str) -> None:
    assert environment.read({}).streams == 600
    assert environment.read({"GUIDE_HQ_STREAMS": "0"}).streams == 0
    with pytest.raises(BadInput, match="setting_streams"):
        environment.read({"GUIDE_HQ_STREAMS": count})


@pytest.mark.parametrize("count", ["-1", "9", "many", "1.5", "٦"])
def test_processes_are_a_number_up_to_eight(count: str) -> None:
    assert environment.read({}).processes == 0
    assert environment.read({"GUIDE_HQ_PROCESSES": "8"}).processes == 8
    with pytest.raises(BadInput, match="setting_processes"):
        environment.read({"GUIDE_HQ_PROCESSES": count})


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("GUIDE_HQ_RADAR", "world", "setting_radar"),
        ("GUIDE_HQ_RADAR_BITS", "3", "setting_radar_bits"),
        ("GUIDE_HQ_RADAR_BITS", "13", "setting_radar_bits"),
        ("GUIDE_HQ_RADAR_BITS", "seven", "setting_radar_bits"),
    ],
)
def test_a_radar_that_cannot_be_made_is_refused(name: str, value: str, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        environment.read({name: value})


def test_the_radar_is_of_the_chain_and_of_seven_bits_unless_told_otherwise() -> None:
    plain, told = environment.read({}), environment.read({"GUIDE_HQ_RADAR": "region", "GUIDE_HQ_RADAR_BITS": "12"})
    assert (plain.radar, plain.radar_bits) == ("chain", 7)
    assert (told.radar, told.radar_bits) == ("region", 12)


def test_only_one_of_several_processes_takes_a_share(tmp_path: Path) -> None:
    alone = environment.read({"GUIDE_HQ_PROCESSES": "4"})
    one = environment.read({"GUIDE_HQ_PROCESSES": "4", "GUIDE_HQ_SHARED": str(tmp_path)})
    assert (alone.share.inside, alone.shared_file("streams")) == (64, None)
    assert (one.share.inside, one.shared_file("streams")) == (16, tmp_path / "streams")
