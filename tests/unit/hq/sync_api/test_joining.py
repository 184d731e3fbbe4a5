"""A sign-up made at HQ by a customer's form: one effect a form, by the rules of every other sign-up."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from guide_app.domain import numbers
from guide_app.domain.records import Names, Policy
from guide_app.operations.joining import of_form
from guide_app.operations.members import ConsentGiven
from hq.ledger.port import ScopeKey
from hq.sync_api.joining import Answers, Desk, became_of, take
from hq.sync_api.memory_chain import device_scope
from hq.sync_api.replay import replay
from sync.protocol.invitation import Invitation
from tests.memory_hq import NOW, MemoryShop, chain, swept
from tests.ops import new_id, new_phone

TERMS = (ConsentGiven(kind="terms", policy_version="1", granted=True),)


def invited(shop: MemoryShop, device_id: str = "") -> Invitation:
    """A link that the shop's guide showed on some tablet."""
    return Invitation(
        shop.store_id, shop.guide_id, device_id or new_id(), new_id(), int(NOW.timestamp()) + 60, "poster-3"
    )


def answers(phone: str = "", **more: object) -> Answers:
    """What somebody filled in."""
    return Answers(phone or new_phone(), "林夏", TERMS, "event", **more)  # type: ignore[arg-type]  # of a test's own


def desk(shop: MemoryShop, invitation: Invitation, epoch: str = "one") -> Desk:
    own: ScopeKey = device_scope(shop.store_id, invitation.device_id)
    return Desk(chain(shop).branch(shop.store_id), own, "101", "AB", epoch)


def test_the_customer_is_a_member_of_the_guide_who_showed_the_link() -> None:
    shop = MemoryShop()
    link, told = invited(shop), answers(gender="f", birthday="05-20")
    assert became_of(shop.ledger, link.form_id) is None
    became = take(shop.ledger, desk(shop, link), link, told, NOW)
    member = shop.record("member", of_form(link.form_id).member_id)
    assert (became.status, became.code) == ("applied", "")
    assert (member.phone, member.name, member.birthday, member.gender) == (told.phone, "林夏", "05-20", "f")
    assert (member.owner_id, member.touch_point, member.source) == (shop.guide_id, "poster-3", "event")
    assert numbers.parse(member.member_no)[:2] == ("101", "AB")
    assert became_of(shop.ledger, link.form_id) == became
    (row,) = [stored for (key, ref), stored in shop.hq.state.feed.items() if ref.entity == "member"]
    assert row.seq == became.feed_pos


def test_a_form_that_is_sent_again_has_no_other_effect_whatever_stands_in_it() -> None:
    shop = MemoryShop()
    link, first = invited(shop), answers()
    became = take(shop.ledger, desk(shop, link), link, first, NOW)
    again = take(shop.ledger, desk(shop, link), link, answers(), NOW + timedelta(seconds=1))
    assert again == became
    assert shop.record("member", of_form(link.form_id).member_id).phone == first.phone
    assert sum(ref.entity == "member" for _key, ref in shop.hq.state.feed) == 1


def stranger(phone: str, shop: MemoryShop) -> Answers:
    """Whoever has a link types somebody's phone, and answers for them."""
    asked = ("terms", True), ("marketing_phone", False), ("marketing_mail", True)
    given = tuple(ConsentGiven(kind=kind, policy_version="1", granted=granted) for kind, granted in asked)
    for kind, _granted in asked[1:]:
        shop._furnish("", "policy", new_id(), Policy(kind=kind, version="1", title=Names(), text=Names()))
    return answers(phone, birthday="05-20", gender="f", referrer=new_phone())._replace(consents=given)


def known(shop: MemoryShop, phone: str) -> str:
    """The id of somebody who has joined on a tablet."""
    shop._furnish("", "policy", new_id(), Policy(kind="marketing_phone", version="1", title=Names(), text=Names()))
    agreed = [{"kind": kind, "policy_version": "1", "granted": True} for kind in ("terms", "marketing_phone")]
    (signed,) = shop.results(op := shop.maker().sign_up(phone=phone, consents=agreed))
    assert (signed.status, op.body is None) == ("applied", False)
    return str(msgspec.json.decode(op.body or "")["member_id"])


def test_a_form_with_a_members_phone_leads_to_them_and_changes_nothing() -> None:
    shop = MemoryShop()
    member_id = known(shop, number := new_phone())
    before = shop.record("member", member_id)
    link = invited(shop)
    became = take(shop.ledger, desk(shop, link), link, stranger(number, shop), NOW + timedelta(days=1))
    assert (became.status, became.code, became.id) == ("merged", "phone_known", member_id)
    assert became.feed_pos
    assert shop.record("member_alias", of_form(link.form_id).member_id).member_id == member_id
    assert shop.record("member", member_id) == before


def test_a_form_that_waited_changes_nothing_of_a_member_either() -> None:
    shop = MemoryShop()
    member_id = known(shop, number := new_phone())
    before, link = shop.record("member", member_id), invited(shop)
    told = stranger(number, shop)
    told = told._replace(consents=(*told.consents, ConsentGiven(kind="new", policy_version="1", granted=True)))
    assert take(shop.ledger, desk(shop, link), link, told, NOW).status == "parked"
    shop._furnish("", "policy", new_id(), Policy(kind="new", version="1", title=Names(), text=Names()))
    assert replay(shop.ledger, chain(shop)) == (1, 0)
    assert shop.record("member_alias", of_form(link.form_id).member_id).member_id == member_id
    assert shop.record("member", member_id) == before


def test_a_form_with_the_phone_of_another_shops_member_leads_to_them_and_changes_nothing() -> None:
    first = MemoryShop()
    second = MemoryShop(first.hq)
    member_id = known(first, number := new_phone())
    before, link = first.record("member", member_id), invited(second)
    assert take(second.ledger, desk(second, link), link, stranger(number, second), NOW).status == "applied"
    swept(first, second)
    assert second.record("member_alias", of_form(link.form_id).member_id) is not None
    after = first.record("member", member_id)
    for field in ("name", "gender", "birthday", "consents", "referrer", "source", "touch_point"):
        assert getattr(after, field) == getattr(before, field), field


def test_what_waits_is_run_again_after_the_mend() -> None:
    shop = MemoryShop()
    link = invited(shop)
    told = answers()._replace(consents=(ConsentGiven(kind="terms", policy_version="2", granted=True),))
    became = take(shop.ledger, desk(shop, link), link, told, NOW)
    assert (became.status, became.code) == ("parked", "policy_unknown")
    shop._furnish("", "policy", new_id(), Policy(kind="terms", version="2", title=Names(), text=Names()))
    assert replay(shop.ledger, chain(shop)) == (1, 0)
    assert shop.record("member", of_form(link.form_id).member_id).phone == told.phone


def test_numbers_run_on_and_those_of_a_restored_hq_are_others() -> None:
    shop = MemoryShop()
    device_id, given = new_id(), []
    for epoch in ("one", "one", "two"):
        link = invited(shop, device_id)
        take(shop.ledger, desk(shop, link, epoch), link, answers(), NOW)
        given.append(numbers.parse(shop.record("member", of_form(link.form_id).member_id).member_no))
    assert [parts.n for parts in given] == [1, 2, 1]
    assert given[0].incarnation == given[1].incarnation
    assert len({(parts.incarnation, parts.n) for parts in given}) == 3
