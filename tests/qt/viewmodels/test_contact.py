"""Why a channel is not offered, in words."""

from __future__ import annotations

from typing import get_args

from guide_app.domain.contact import Bar, Reason
from tests.qt.viewmodels.fakes import Counter
from ui.viewmodels.contact import why_not


def test_every_reason_has_words_and_a_withdrawal_its_day(counter: Counter) -> None:
    since = "2026-11-20T03:00:00.000Z"
    said = {reason: why_not(Bar(reason, since), counter.desk) for reason in get_args(Reason)}
    assert len(set(said.values())) == len(said)
    assert said["withdrawn"] == "Withdrew this consent on 20 November"
    assert said["no_phone"] == "No phone number"
