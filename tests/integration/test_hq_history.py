"""HQ's history on a real PostgreSQL: how old positions are, what is trimmed, the commands by hand, the witness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain.errors import EnvironmentProblem
from hq.ledger.port import ScopeKey
from tests import shop as shops
from tests.ops import new_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def shop(hq_database: str) -> shops.Shop:
    return shops.make_shop(shops.make_chain())


def publish(shop: shops.Shop, entity: str = "talk", op: Any = "put", row_id: str = "", ver: int = 1) -> int:
    """One row at the end of the store's feed; its position."""
    from django.db import transaction

    from hq.protocol import feed

    data = "{}" if op == "put" else None
    change = feed.Change(shop.store_id, shop.scope, entity, row_id or new_id(), ver, op, data)
    with transaction.atomic():
        (position,) = feed.publish([change]).values()
    return position


def test_a_scope_is_marked_once_a_day_and_only_where_it_moved(shop: shops.Shop) -> None:
    from hq.history import marks

    key = ScopeKey(shop.store_id, shop.scope)
    first = publish(shop)
    assert marks.mark(NOW) >= 1
    assert marks.mark(NOW + DAY) == 0
    second = publish(shop)
    assert marks.mark(NOW + marks.APART - timedelta(seconds=1)) == 0
    assert marks.mark(NOW + marks.APART) == 1
    assert marks.at(NOW - DAY) == {}
    assert marks.at(NOW)[key] == first
    assert marks.at(NOW + marks.APART)[key] == second


def test_marks_that_a_younger_one_stands_for_are_forgotten(shop: shops.Shop) -> None:
    from hq.history import marks
    from hq.history.models import FeedMark

    key, heads = ScopeKey(shop.store_id, shop.scope), []
    for day in range(4):
        heads.append(publish(shop))
        marks.mark(NOW + day * DAY)
    marks.forget(NOW + 2 * DAY)
    assert list(FeedMark.objects.filter(scope=shop.scope).order_by("at").values_list("head", flat=True)) == heads[2:]
    assert marks.at(NOW + 2 * DAY)[key] == heads[2]
    assert key not in marks.at(NOW + DAY)


@pytest.mark.parametrize(
    ("now", "months", "begins"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), 13, datetime(2025, 10, 22, 12, tzinfo=UTC)),
        (datetime(2026, 3, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), 2, datetime(2025, 11, 30, tzinfo=UTC)),
        (datetime(2026, 12, 5, tzinfo=UTC), 12, datetime(2025, 12, 5, tzinfo=UTC)),
        (datetime(2028, 3, 30, tzinfo=UTC), 1, datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_history_begins_so_many_months_ago(shop: shops.Shop, now: datetime, months: int, begins: datetime) -> None:
    from hq.history.jobs import history_begins
    from hq.policies.models import ScopeSettings
    from hq.protocol import scopes
    from hq.stores.models import Store

    store = Store.objects.select_related("region").get(id=shop.store_id)
    ScopeSettings.objects.filter(scope=scopes.of_chain()).update(values={"history_months": months})
    assert history_begins(store, now) == begins
    ScopeSettings.objects.create(scope=store.region.scope, values={"history_months": months + 12}, ver=1)
    assert history_begins(store, now).year == begins.year - 1
    ScopeSettings.objects.all().delete()
    assert history_begins(store, NOW) == datetime(2025, 10, 22, 12, tzinfo=UTC)


def test_tidy_by_hand_marks_and_trims_what_is_old(shop: shops.Shop, capsys: pytest.CaptureFixture[str]) -> None:
    from django.utils import timezone

    from hq import commands
    from hq.history.models import FeedMark
    from hq.protocol.models import FeedRow, ScopeHead

    old, young = new_id(), new_id()
    at = publish(shop, op="gone", row_id=old, ver=2)
    long_ago = timezone.now() - 61 * DAY
    FeedMark.objects.create(store_id=shop.store_id, scope=shop.scope, at=long_ago, head=at)
    publish(shop, op="gone", row_id=young, ver=2)
    assert commands.jobs(["tidy"]) == 0
    assert capsys.readouterr().out == "tidy: 1\n"
    assert not FeedRow.objects.filter(entity_id=old).exists()
    assert FeedRow.objects.filter(entity_id=young).exists()
    assert ScopeHead.objects.get(scope=shop.scope).floor == at
    assert FeedMark.objects.filter(scope=shop.scope, at__gt=long_ago).count() == 1
    assert commands.jobs(["tidy"]) == 0
    assert capsys.readouterr().out == "tidy: 0\n"
    with pytest.raises(EnvironmentProblem, match="job_unknown"):
        commands.jobs(["tidy", "dishes"])


def member(shop: shops.Shop, number: str) -> str:
    from guide_app.domain.records import Member
    from hq.members.mapping import MEMBER
    from hq.protocol import saving

    row_id = new_id()
    saving.save(MEMBER, shop.store_id, {row_id: Member(member_no=number, phone="", name="PLANTED")})
    return row_id


@pytest.mark.parametrize("by", ["confirm", "typed"])
@pytest.mark.expects_log
def test_erasing_by_hand_wants_the_number_twice(
    shop: shops.Shop, by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hq import commands
    from hq.history.models import ErasedPerson
    from hq.members.models import Member

    row_id = member(shop, "101AB7K00423")

    def erase(again: str) -> int:
        monkeypatch.setattr("builtins.input", lambda _words: f" {again} ")
        return commands.erase_member(shop.code, "101AB7K00423", "request", again if by == "confirm" else None)

    for wrong in ("", "101AB7K00424"):
        with pytest.raises(EnvironmentProblem, match="erasure_not_confirmed"):
            erase(wrong)
    with pytest.raises(EnvironmentProblem, match="member_unknown"):
        commands.erase_member(shop.code, "999", "request", "999")
    with pytest.raises(EnvironmentProblem, match="store_unknown"):
        commands.erase_member("none", "101AB7K00423", "request", "101AB7K00423")
    assert (Member.objects.count(), ErasedPerson.objects.count()) == (1, 0)
    assert erase("101AB7K00423") == 0
    assert "Erased." in capsys.readouterr().out
    assert (Member.objects.count(), str(ErasedPerson.objects.get().id)) == (0, row_id)


def test_erasures_are_carried_out_again_by_hand(shop: shops.Shop, capsys: pytest.CaptureFixture[str]) -> None:
    from hq import commands
    from hq.history import services
    from hq.history.models import ErasedPerson
    from hq.ledger.past import Person
    from hq.members.models import Member

    row_id = member(shop, "A1")
    services.journal().append(Person(shop.store_id, (row_id,)), NOW)
    services.journal().append(Person(new_id(), (new_id(),)), NOW)  # of a store that the backup does not know
    assert commands.replay_erasures() == 0
    assert capsys.readouterr().out.startswith("2 ")
    assert Member.objects.count() == 0
    assert ErasedPerson.objects.exclude(finished_at=None).count() == 2
    assert commands.replay_erasures() == 0
    assert capsys.readouterr().out.startswith("0 ")


def test_no_points_are_put_in_for_somebody_who_was_erased(shop: shops.Shop) -> None:
    from guide_app.domain import leases
    from guide_app.domain.errors import Refused
    from hq.history import services
    from hq.leases.models import Instrument
    from hq.leases.services import put

    row_id = member(shop, "A1")
    assert put(shop.store_id, leases.points_instrument(row_id), row_id, 50).balance == 50
    services.erase(row_id, NOW)
    assert Instrument.objects.count() == 0
    with pytest.raises(Refused, match="erased"):
        put(shop.store_id, leases.points_instrument(row_id), row_id, 50)
    assert Instrument.objects.count() == 0


@pytest.mark.parametrize("content", ["", "x", None])
def test_a_witness_that_was_cut_off_or_is_gone_accuses_nobody(shop: shops.Shop, content: str | None) -> None:
    from django.conf import settings

    from hq.history import witness
    from hq.protocol.models import Epoch

    path: Path = settings.ENVIRONMENT.erasures.with_name(f"{settings.ENVIRONMENT.erasures.stem}.witness")
    assert not witness.look()
    assert not witness.look()
    assert path.read_text(encoding="ascii") == "2"
    path.unlink() if content is None else path.write_text(content, encoding="ascii")
    assert not witness.look()
    assert path.read_text(encoding="ascii") == "3"
    path.write_text("9", encoding="ascii")
    epochs = Epoch.objects.count()
    assert witness.look()
    assert (Epoch.objects.count(), path.read_text(encoding="ascii")) == (epochs + 1, "10")
    assert not witness.look()
