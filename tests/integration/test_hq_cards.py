"""Gift cards on PostgreSQL and in the console: made, handed out, blocked, bound, expired, with their history."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from guide_app.domain import gift_cards
from guide_app.domain.errors import Refused
from guide_app.domain.records import Instrument
from sync.protocol import codec
from sync.protocol.messages import LeaseRequest, LeaseResponse, LookupRequest, LookupResponse
from tests import shop as shops
from tests.integration.test_hq_sync import Hq, hq
from tests.integration.test_hq_wallets import _member, _published
from tests.ops import body_of, new_id

AMOUNT = 20_000
__all__ = ["hq"]
"""The fixture of a served HQ."""


def _batch(shop: Any, **more: Any) -> Any:
    from hq.cards.models import CardBatch

    told = {"title_en": "Gift card", "title_zh": "礼品卡", "amount": AMOUNT, "count": 3, **more}
    return CardBatch.objects.create(id=new_id(), store_id=shop.store_id, **told)


def _made(shop: Any, **more: Any) -> tuple[list[Any], dict[str, str]]:
    """The cards of a new batch, and number → PIN."""
    from hq.cards import services
    from hq.cards.models import GiftCard

    rows = list(csv.reader(io.StringIO(services.make(str(_batch(shop, **more).id), "anna").decode())))
    assert rows[0] == ["number", "pin"]
    return list(GiftCard.objects.filter(number__isnull=False).order_by("number")), dict(rows[1:])


@pytest.fixture
def shop(hq_database: str) -> Any:
    return shops.make_shop(shops.make_chain(), stock=5)


def test_a_batch_is_made_once_and_no_pin_is_kept(shop: Any) -> None:
    from hq.cards import services
    from hq.cards.models import CardBatch, CardSecret

    cards, pins = _made(shop)
    assert len(cards) == len(pins) == 3
    assert all(gift_cards.parse(number) == number and len(pin) == 6 for number, pin in pins.items())
    assert all((card.balance, card.active, card.face) == (0, False, AMOUNT) for card in cards)
    kept = str(list(CardSecret.objects.values_list("pin", flat=True)))
    assert not any(pin in kept and len(pin) == 64 for pin in pins.values())
    assert services.fits(cards[0].id, cards[0].number, pins[cards[0].number])
    with pytest.raises(Refused, match="batch_made"):
        services.make(str(CardBatch.objects.get().id), "anna")


def test_a_pin_that_is_missed_too_often_is_not_tried_any_more(shop: Any) -> None:
    from hq.cards import services

    (card, *_), pins = _made(shop)
    right = pins[card.number]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert not services.fits(card.id, card.number, wrong)
    assert services.fits(card.id, card.number, right), "and the misses are forgotten"
    assert [services.fits(card.id, card.number, wrong) for _ in range(services.MISSES)] == [False] * services.MISSES
    with pytest.raises(Refused, match="card_locked"):
        services.fits(card.id, card.number, right)
    services.block(card.id, blocked=True)
    services.block(card.id, blocked=False)
    assert services.fits(card.id, card.number, right)


def test_a_card_that_is_handed_out_has_its_value_once_and_shows_with_its_member(shop: Any) -> None:
    from hq.cards import services
    from hq.members.models import Member
    from hq.sync_api.wallets import publish_changed

    (card, other, _), _pins = _made(shop, until=date(2027, 11, 21))
    who = _member(shop)
    number = Member.objects.get(id=who).member_no
    services.hand_out(card.id, "campaign", "anna")
    with pytest.raises(Refused, match="card_taken"):
        services.hand_out(card.id, "campaign", "anna")
    services.bind(card.id, number)
    services.bind(other.id, number)
    with pytest.raises(Refused, match="member_unknown"):
        services.bind(other.id, "nobody")
    publish_changed()
    wallet = _published(shop, who)
    assert wallet is not None
    (shown,) = wallet.cards
    assert (shown.balance, shown.digits, shown.until, shown.blocked) == (AMOUNT, card.digits, "2027-11-21", False)
    services.block(card.id, blocked=True)
    publish_changed()
    wallet = _published(shop, who)
    assert wallet is not None
    assert wallet.cards[0].blocked
    assert [(one.kind, one.amount, one.reason, one.by) for one in services.history(card.id)] == [
        ("handed_out", AMOUNT, "campaign", "anna")
    ]


def test_a_card_is_nobody_else_s_once_it_is_bound(shop: Any) -> None:
    from hq.cards import services
    from hq.members.models import Member

    (card, *_), _pins = _made(shop)
    first, second = (Member.objects.get(id=_member(shop)).member_no for _ in range(2))
    services.bind(card.id, first)
    services.bind(card.id, first)
    with pytest.raises(Refused, match="card_bound"):
        services.bind(card.id, second)


def test_what_is_left_on_a_card_after_its_last_day_goes_and_is_told(shop: Any) -> None:
    from django.utils import timezone

    from hq.cards import services
    from hq.leases.models import Instrument
    from hq.sync_api.expiring import expire_cards

    (card, good, _), _pins = _made(shop, until=timezone.now().date() - timedelta(days=3))
    for one in (card, good):
        services.hand_out(one.id, "campaign", "anna")
    Instrument.objects.filter(id=good.id).update(until=timezone.now().date() + timedelta(days=1))
    Instrument.objects.filter(id=card.id).update(held=500)
    assert (expire_cards(), expire_cards()) == (1, 0)
    left = Instrument.objects.get(id=card.id)
    assert (left.balance, Instrument.objects.get(id=good.id).balance) == (500, AMOUNT)
    Instrument.objects.filter(id=card.id).update(held=0)
    assert expire_cards() == 1, "a lease came back"
    assert sorted(one.amount for one in services.history(card.id)) == [500 - AMOUNT, -500, AMOUNT]
    assert Instrument.objects.get(id=card.id).balance == 0


@pytest.mark.expects_log  # Django logs what it refuses
def test_the_console_makes_cards_shows_their_history_and_keeps_who_blocked_one(shop: Any) -> None:
    from django.contrib.admin.models import LogEntry
    from django.contrib.auth.models import User
    from django.test import Client

    from hq.cards.models import CardBatch, GiftCard
    from hq.members.models import Member
    from tests.console_people import person

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    told = {"title_zh": "礼品卡", "title_en": "Gift card", "amount": AMOUNT, "count": 2, "store_id": shop.store_id}
    assert client.post("/admin/cards/cardbatch/add/", told).status_code == 302
    batch = CardBatch.objects.get()
    kept = client.post(f"/admin/cards/cardbatch/{batch.id}/make/")
    assert kept.content.decode().startswith("number,pin")
    card = GiftCard.objects.filter(number__isnull=False).first()
    assert card is not None
    assert card.number is not None
    page = f"/admin/cards/giftcard/{card.id}/"
    client.post(f"{page}hand-out/", {"reason": "goodwill"})
    client.post(f"{page}block/", {"reason": "lost"})
    shown = client.get(f"{page}change/").content.decode()
    assert card.number not in shown, "the whole number is on the card alone"
    assert "20000" in shown
    assert GiftCard.objects.get(id=card.id).blocked
    trail = LogEntry.objects.filter(object_id=str(card.id)).values_list("change_message", flat=True)
    assert any("lost or stolen" in one for one in trail)
    member = Member.objects.get(id=_member(shop))
    client.post(f"{page}change/", {"member_no": member.member_no})
    assert GiftCard.objects.get(id=card.id).owner_id == member.id
    assert str(card.digits) in client.get("/admin/cards/giftcard/?q=" + card.number).content.decode()
    reader = person("reader", "A")
    looks = Client(SERVER_NAME="localhost")
    looks.force_login(reader)
    assert looks.get(f"{page}change/").status_code == 200
    assert looks.post(f"{page}unblock/", {"reason": "found"}).status_code == 403
    assert GiftCard.objects.get(id=card.id).blocked


def test_a_card_is_told_of_to_who_knows_its_number_and_pin(shop: Any) -> None:
    from django.utils import timezone

    from hq.cards import services
    from hq.sync_api.giving import look_up

    (card, *_), pins = _made(shop, until=timezone.now().date() + timedelta(days=2))
    now, number, pin = timezone.now(), card.number, pins[card.number]
    assert look_up(number, pin, now).code == "card_not_active"
    services.hand_out(card.id, "campaign", "anna")
    told = look_up(f"{number[:4]} {number[4:]}", pin, now).value
    assert told is not None
    assert (told.id, told.digits, told.balance) == (str(card.id), number[-4:], AMOUNT)
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    asked = {number: wrong, "6012": pin, gift_cards.numbered(5): pin}
    assert [look_up(typed, told_pin, now).code for typed, told_pin in asked.items()] == [
        "card_pin", "card_number_invalid", "card_unknown",
    ]  # fmt: skip
    assert look_up(number[:-1] + str((int(number[-1]) + 1) % 10), pin, now).code == "number_check"
    assert look_up(number, pin, now + timedelta(days=4)).code == "card_expired"
    services.block(card.id, blocked=True)
    assert look_up(number, pin, now).code == "card_blocked"


def test_a_card_is_sold_found_leased_and_spent_over_http_and_its_ledger_says_so(hq: Hq) -> None:
    from hq.cards import services
    from hq.leases.models import Instrument as Row

    seller, other = hq.tablet(), hq.tablet()
    (card, *_), pins = _made(hq.shop)
    number = str(card.number)
    product = (hq.chain.product_ids[0], 1, AMOUNT)
    sale = seller.maker.order([product], hq.chain.list_id)
    sold, line = body_of(sale)["order_id"], body_of(sale)["lines"][0]["line_id"]
    results = seller.sync(sale, seller.maker.hand_over(sold, line, number), seller.maker.pay(sold, AMOUNT)).results
    assert [(one.status, one.code) for one in results][1:] == [("applied", ""), ("applied", "")]
    asked = codec.encode(LookupRequest(gift_card=number, pin=pins[number]))
    found = codec.decode(other.post("/v1/lookup", asked).content, LookupResponse).value
    assert found is not None
    assert (found.id, found.balance) == (str(card.id), AMOUNT)
    instrument = Instrument(kind="card", id=found.id)
    want = codec.encode(LeaseRequest(request_id=new_id(), instrument=instrument, amount=600))
    lease = codec.decode(other.post("/v1/lease", want).content, LeaseResponse).lease
    assert lease is not None
    bought = other.maker.order([product], hq.chain.list_id)
    order_id = body_of(bought)["order_id"]
    paid = other.maker.by_card(order_id, found.id, lease.id, 600)
    leg = body_of(paid)["legs"][0]["leg_id"]
    other.sync(bought, paid, other.maker.back_on_card(order_id, leg, 100))
    assert sorted((one.kind, one.amount) for one in services.history(card.id)) == [
        ("given_back", 100), ("sold", AMOUNT), ("spent", -600),
    ]  # fmt: skip
    other.sync(other.maker.cancel(order_id))
    seller.sync(seller.maker.cancel(sold))
    row = Row.objects.get(id=card.id)
    assert sum(one.amount for one in services.history(card.id)) == row.balance - row.owed == 0
    again = codec.decode(other.post("/v1/lookup", asked).content, LookupResponse)
    assert (again.found, again.code) == (False, "card_not_active")
