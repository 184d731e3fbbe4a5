"""When a version of a promotion is the current one."""

from __future__ import annotations

import pytest

from guide_app.domain.records import Names, Promotion

NOON = "2026-11-22T12:00:00.000Z"
LATER = "2026-11-22T12:00:00.001Z"


@pytest.mark.parametrize(("since", "until", "current"), [
    (NOON, "", True),
    (LATER, "", False),
    ("2026-11-01T00:00:00.000Z", LATER, True),
    ("2026-11-01T00:00:00.000Z", NOON, False),
    ("", "", True),
])  # fmt: skip
def test_a_version_is_current_from_its_first_moment_until_the_next_one_s(since: str, until: str, current: bool) -> None:
    version = Promotion(names=Names(), kind="percentage", percent=1000, since=since, until_moment=until)
    assert version.current(NOON) is current
