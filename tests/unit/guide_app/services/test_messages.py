"""Messages to members over a real store: which are offered, who may be written to, and what is logged."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.clock import ManualClock, from_text
from guide_app.domain.records import Consent, MessageTemplate, Names, Talk, Wallet
from guide_app.services.messages import SENT, MessageDesk, fill
from guide_app.services.ports.care import TemplateRow
from guide_app.services.ports.engine import SyncView
from guide_app.services.ports.members import MemberView
from tests.unit.guide_app.services.kit import Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, member

BIRTHDAY = MessageTemplate(
    situation="birthday", channel="wechat", title=Names(en="Birthday", zh="生日"),
    text=Names(en="Happy birthday, {name}!", zh="{name}，生日快乐！"),
)  # fmt: skip
ARRIVED = MessageTemplate(
    situation="arrival", channel="sms", title=Names(en="Arrived"), text=Names(en="{product} is here, {name}.")
)


def consent(kind: str, granted: bool) -> Consent:
    return Consent(kind=kind, granted=granted, policy_version="1", ver=1, at="2026-11-21T10:00:00.000Z")


def filled(template: MessageTemplate, language: str = "en", consents: tuple[Consent, ...] = (), **values: str) -> Any:
    row = TemplateRow(id=uuid(), template=template)
    return fill(row, member(name="李娜", consents=consents), {"name": "李娜", **values}, language)  # type: ignore[dict-item]


def test_it_is_filled_in_the_language_asked_for_or_the_one_there_is() -> None:
    assert filled(BIRTHDAY).text == "Happy birthday, 李娜!"
    assert filled(BIRTHDAY, "zh_CN").text == "李娜，生日快乐！"
    assert filled(ARRIVED, "zh_CN", product="Milk").text == "Milk is here, 李娜."


def test_who_gave_no_consent_to_offers_gets_none_and_what_they_asked_for_goes() -> None:
    assert (filled(BIRTHDAY).bar.reason, filled(BIRTHDAY).sendable) == ("not_asked", False)
    assert filled(BIRTHDAY, consents=(consent("marketing_wechat", True),)).sendable
    assert filled(BIRTHDAY, consents=(consent("marketing_wechat", False),)).bar.reason == "refused"
    assert not filled(BIRTHDAY, consents=(consent("marketing_sms", True),)).sendable, "of another channel"
    assert filled(ARRIVED, product="Milk").sendable
    assert (filled(ARRIVED).missing, filled(ARRIVED).sendable) == (("product",), False)


@pytest.mark.asyncio
async def test_templates_come_by_situation_and_a_message_is_a_talk_that_can_be_taken_back(counter: Counter) -> None:
    hq, member_id = counter.bench.hq, await signed_up(counter)
    for template in (ARRIVED, BIRTHDAY):
        hq.publish("message_template", uuid(), template)
    hq.publish("message_template", uuid(), MessageTemplate(
        situation="of a later version", channel="sms", title=Names(en="?"), text=Names(en="?"),
    ))  # fmt: skip
    await counter.bench.drain()
    desk = MessageDesk(
        counter.bench.store.shop, counter.talks, counter.session, lambda: SyncView(phase="idle"), counter.bench.clock
    )
    assert [row.template for row in await desk.templates()] == [BIRTHDAY, ARRIVED]
    logged = await desk.log(member_id, ARRIVED, (PRODUCTS[0],))
    talk = (await counter.bench.store.members.timeline(member_id))[0].record
    assert isinstance(talk, Talk)
    said = (talk.channel, talk.outcome, talk.topic, talk.note, talk.products)
    assert said == ("sms", SENT, "delivery", "Arrived", (PRODUCTS[0],))
    await desk.take_back(logged)
    assert not [e for e in await counter.bench.store.members.timeline(member_id) if e.kind == "talk"]


@pytest.mark.parametrize(
    ("heard", "wallet", "known"),
    [
        ("2026-11-20T07:00:00.000Z", Wallet(points=320), 320),
        ("2026-11-20T07:00:00.000Z", Wallet(points=0), 0),
        ("2026-11-20T05:00:00.000Z", Wallet(points=320), None),
        ("", Wallet(points=320), None),
        ("2026-11-21T05:59:00.000Z", None, None),
    ],
)
def test_points_are_told_only_while_hqs_word_on_them_is_fresh(heard: str, wallet: Wallet | None, known: Any) -> None:
    clock = ManualClock(from_text("2026-11-21T06:26:00.000Z"))
    unused: Any = None
    desk = MessageDesk(unused, unused, unused, lambda: SyncView(phase="offline", last_in_step=heard), clock)
    view = MemberView(
        id="m", ver=1, member=member(name="陈静"), spent_90d=0, orders_90d=0, average_days=None, wallet=wallet
    )
    assert desk.points(view) == known
