"""A person erased at a real HQ: no trace in any table, no way back, not by a restore either."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from guide_app.domain.errors import EnvironmentProblem, Refused
from tests import shop as shops
from tests.integration.feed_check import assert_feed_equals_tables
from tests.ops import Maker, body_of, new_id, new_phone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Bench:
    """A shop at HQ and a tablet's stream into it."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.chain = shops.make_chain()
        self.shop = shops.make_shop(self.chain, stock=10)
        self.maker = Maker(self.shop.store_id, self.shop.guide_id)
        self.device = self._device()
        self.incarnation = new_id()

    def _device(self) -> Any:
        from hq.devices import services
        from hq.stores.models import Store

        store = Store.objects.get(id=self.shop.store_id)
        return services.enrol(services.new_code(store, datetime.now(UTC)).code, "k" * 43, "One", "linux",
                              datetime.now(UTC))  # fmt: skip

    def push(self, *ops: Any) -> list[tuple[str, str]]:
        from hq.ledger.aggregates import PostgresAggregates
        from hq.ledger.port import ScopeKey, Stream
        from hq.ledger.postgres import PostgresLedger
        from hq.protocol import scopes
        from hq.sync_api.push import Push
        from hq.sync_api.running import Shop

        store_id = self.shop.store_id
        stream = Stream(store_id, str(self.device.id), self.incarnation)
        aggregates = PostgresAggregates(store_id, [scopes.of_chain()])
        key = ScopeKey(store_id, self.shop.scope)
        own = ScopeKey(store_id, str(self.device.scope))
        push = Push(PostgresLedger(), aggregates, Shop(store_id, "CNY"), key, own, stream, datetime.now(UTC))
        return [(one.status, one.code) for one in push.take(ops, max(op.seq for op in ops) + 1).results]

    def traces(self, *texts: str) -> list[str]:
        """The tables in whose rows one of the texts stands, as text or as bytes."""
        found = []
        with psycopg.connect(self.database) as connection:
            names = [n for (n,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
            for name in names:
                for text in texts:
                    query = sql.SQL(
                        "SELECT count(*) FROM {} AS t WHERE position(%s IN t::text) > 0 OR position(%s IN t::text) > 0"
                    ).format(sql.Identifier(name))
                    ((count,),) = connection.execute(query, [text, text.encode().hex()]).fetchall()
                    found += [f"{name}: {text}"] if count else []
        return found


@pytest.fixture
def bench(hq_database: str) -> Bench:
    return Bench(hq_database)


def erase(member_id: str) -> None:
    from hq.history import services

    services.erase(member_id, NOW)


def a_life(bench: Bench) -> tuple[str, str]:
    """Somebody with all that there can be of them; their id and phone. Everything personal has PLANTED in it."""
    make, number = bench.maker, new_phone()
    signed = make.sign_up(name="PLANTED", phone=number)
    who = body_of(signed)["member_id"]
    product = bench.chain.product_ids[0]
    edit = make.edit(who, note=("", "PLANTED note"))
    ops = [
        signed, edit, make.talk(who, note="PLANTED"), make.followup(who, note="PLANTED"),
        make.reveal(who), make.ticket(who, words="PLANTED"), make.promise(who, words="PLANTED"),
        make.order([(product, 1, shops.PRICES[0])], bench.chain.list_id, member_id=who, note="PLANTED"),
        make.sign_up(phone=number, name="PLANTED twin"), make.sign_up(referrer=number[3:]),
        make.op("member.edit", {**body_of(edit), "base_ver": 9}, op_id=edit.op_id),
        make.op("member.magic", {"member_id": who, "what": "PLANTED"}),
    ]  # fmt: skip
    told = [status for status, _code in bench.push(*ops)]
    assert told == ["applied"] * 8 + ["merged", "applied", "parked", "parked"]
    return who, number


def test_no_table_holds_a_trace_and_the_sale_stays(bench: Bench) -> None:
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth.models import User
    from django.contrib.contenttypes.models import ContentType

    from hq.history.models import ErasedPerson
    from hq.members.models import Member
    from hq.orders.models import Order

    who, number = a_life(bench)
    LogEntry.objects.create(
        user=User.objects.create_user("op"), content_type=ContentType.objects.get_for_model(Member), object_id=who,
        object_repr="PLANTED", action_flag=CHANGE, change_message="PLANTED",
    )  # fmt: skip
    assert len(bench.traces("PLANTED")) > 5
    erase(who)
    assert bench.traces("PLANTED", number[3:]) == []
    assert set(bench.traces(who)) == {
        f"{table}: {who}"
        for table in ("erased_person", "feed", "op_log", "step", "django_admin_log", "audit_entry", "showing")
    }
    order = Order.objects.get()
    assert (order.total, order.member_id, order.note) == (shops.PRICES[0], None, "")
    assert ErasedPerson.objects.count() == 2
    assert not ErasedPerson.objects.filter(finished_at=None).exists()
    with psycopg.connect(bench.database) as connection:
        told = connection.execute("SELECT status, code, body FROM op_log WHERE kind = 'member.magic'").fetchall()
        outcomes = connection.execute("SELECT data::json->>'code' FROM feed WHERE entity = 'op_outcome'").fetchall()
    assert told == [("rejected", "erased", None)]
    assert outcomes == [("erased",)]
    assert_feed_equals_tables()


def test_no_operation_and_nobody_at_hq_brings_them_back(bench: Bench) -> None:
    from guide_app.domain.records import Member as MemberRecord
    from guide_app.domain.records import Talk
    from hq.members.mapping import MEMBER
    from hq.protocol import saving
    from hq.talks.mapping import TALK

    who, _number = a_life(bench)
    erase(who)
    again = bench.maker.sign_up(member_id=who)
    sale = bench.maker.order([(bench.chain.product_ids[0], 1, 1)], bench.chain.list_id, member_id=who, note="PLANTED")
    assert bench.push(again, sale) == [("rejected", "erased"), ("applied", "variance")]
    record = MemberRecord(member_no="X1", phone="", name="PLANTED")
    with pytest.raises(Refused, match="erased"):
        saving.save(MEMBER, bench.shop.store_id, {who: record})
    said = Talk(member_id=who, guide_id=bench.shop.guide_id, channel="phone", outcome="x", topic="y",
                at="2026-11-22T10:00:00.000Z", note="PLANTED")  # fmt: skip
    with pytest.raises(Refused, match="erased"):
        saving.save(TALK, bench.shop.store_id, {new_id(): said})
    assert bench.traces("PLANTED") == []
    assert_feed_equals_tables()


def _journal() -> Path:
    from django.conf import settings

    path: Path = settings.ENVIRONMENT.erasures
    return path


def _copied(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(part) for part in copy)


@pytest.mark.expects_log
def test_a_restored_database_erases_again_from_the_journal(bench: Bench) -> None:
    from hq.history import opening, services
    from hq.history.models import ErasedPerson, Witness
    from hq.members.models import Member
    from hq.protocol import epoch

    opening.ready()
    before = epoch.current()
    who, number = a_life(bench)
    with psycopg.connect(bench.database) as connection:
        kept = {table: _copied(connection, table) for table in ("member", "op_log")}
    erase(who)
    journal = _journal().read_text(encoding="utf-8")
    assert journal.count("\n") == 1
    assert who in journal
    assert "PLANTED" not in journal
    assert number not in journal
    opening.ready()
    assert epoch.current() == before
    assert services.replay(NOW) == 0
    # as a restored backup has it: the person is there, nothing is known of an erasure, the witness is young
    Member.objects.filter(id=who).delete()
    ErasedPerson.objects.all().delete()
    Witness.objects.update(count=1)
    with psycopg.connect(bench.database) as connection:
        connection.execute("DELETE FROM member; DELETE FROM op_log")
        for table, rows in kept.items():
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(rows)
    assert bench.traces("PLANTED") != []
    opening.ready()
    assert epoch.current() != before
    assert bench.traces("PLANTED", number) == []
    assert services.replay(NOW) == 0


def test_the_journal_is_written_first_and_an_erasure_without_it_does_not_happen(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hq.history import services
    from hq.history.erasing import Eraser
    from hq.members.models import Member

    who, _number = a_life(bench)

    def full(_handle: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(EnvironmentProblem, match="erasures_unwritable"):
            erase(who)
    assert Member.objects.filter(id=who).exists()
    with monkeypatch.context() as patch:
        patch.setattr(Eraser, "_tried", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            erase(who)
    assert Member.objects.filter(id=who).exists()
    assert services.replay(NOW) == 1  # killed after the journal: it is carried through
    assert bench.traces("PLANTED") == []


@pytest.mark.expects_log
def test_an_operator_erases_with_a_reason_and_the_history_names_nobody(bench: Bench) -> None:
    from django.contrib.admin.models import LogEntry
    from django.contrib.auth.models import User
    from django.test import Client

    from hq.history import jobs
    from hq.stores.models import Region
    from tests.console_people import person

    who, _number = a_life(bench)
    client = Client(SERVER_NAME="localhost")
    page = f"/admin/members/member/{who}/erase/"
    client.force_login(person("clerk", "R", regions=list(Region.objects.all())))
    assert client.post(page, {"reason": "request"}).status_code == 403
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    assert "the person asked for it" in client.get(page).content.decode()
    assert "PLANTED" in client.post(page, {"reason": ""}).content.decode()
    assert bench.traces("PLANTED") != []
    done = client.post(page, {"reason": "request"}).content.decode()
    assert "within minutes" in done
    assert jobs.erase_begun() == 1
    assert bench.traces("PLANTED") == []
    assert jobs.erase_begun() == 0
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == ("", "Erase this person's data: the person asked for it")
    assert client.get(page).status_code == 404


@pytest.mark.expects_log
@pytest.mark.parametrize("stands", ["the rows", "the journal's second line"])
def test_an_erasure_that_stands_in_the_journal_is_not_said_to_have_changed_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, stands: str
) -> None:
    from django.contrib.admin.models import LogEntry
    from django.contrib.auth.models import User
    from django.test import Client

    from guide_app.domain.errors import EnvironmentProblem
    from hq.history import jobs, services
    from hq.ledger.port import Transient

    def hindered(*_: Any) -> None:
        raise Transient("LockNotAvailable") if stands == "the rows" else EnvironmentProblem("erasures_unwritable")

    who, _number = a_life(bench)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    page = f"/admin/members/member/{who}/erase/"
    with monkeypatch.context() as patched:
        patched.setattr(services, "whole", hindered)
        told = client.post(page, {"reason": "request"}).content.decode()
    assert ("within the hour" in told, "Nothing was" in told) == (True, False)
    assert LogEntry.objects.get().change_message == "Erase this person's data: the person asked for it"
    assert jobs.erase_again() == 1
    assert bench.traces("PLANTED") == []


@pytest.mark.expects_log
def test_an_erasure_that_the_journal_did_not_take_is_not_in_the_history(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.admin.models import LogEntry
    from django.contrib.auth.models import User
    from django.test import Client

    from guide_app.domain.errors import EnvironmentProblem
    from hq.history.journal import Journal

    def full(*_: Any) -> None:
        raise EnvironmentProblem("erasures_unwritable")

    who, _number = a_life(bench)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    monkeypatch.setattr(Journal, "append", full)
    told = client.post(f"/admin/members/member/{who}/erase/", {"reason": "request"}).content.decode()
    assert "Nothing was erased" in told
    assert not LogEntry.objects.exists()


def test_a_backup_from_before_they_moved_and_before_their_new_store_was_made_erases_them_too(bench: Bench) -> None:
    from hq.history import services
    from hq.ledger.past import Person

    who, _number = a_life(bench)
    for one in (new_id(), who, new_id()):
        services.journal().append(Person(new_id(), (one,)), NOW)
    assert services.replay(NOW) == 3
    assert bench.traces("PLANTED") == []
    assert services.replay(NOW) == 0


def test_what_another_store_is_just_writing_about_them_is_waited_for(bench: Bench) -> None:
    from hq.ledger.aggregates import PostgresAggregates
    from hq.ledger.port import ScopeKey
    from hq.ledger.postgres import PostgresLedger
    from hq.protocol import scopes
    from hq.sync_api.running import Shop, opened, together

    who, _number = a_life(bench)
    there = shops.make_shop(bench.chain, stock=10)
    ledger, aggregates = PostgresLedger(), PostgresAggregates(there.store_id, [scopes.of_chain()])
    talk = Maker(there.store_id, there.guide_id).talk(who, note="PLANTED")
    store = Shop(there.store_id, "CNY")
    with ThreadPoolExecutor(1) as other:
        with ledger.transaction():
            (ran,), work = together([opened(talk, store, NOW, "")], aggregates, "CNY")
            assert ran.outcome.status == "applied"
            erasing = other.submit(apart, lambda: erase(who))
            with pytest.raises(TimeoutError):
                erasing.result(1)
            ledger.publish(ScopeKey(there.store_id, there.scope), list(work.rows.values()))
        erasing.result(20)
    assert bench.traces("PLANTED") == []


def test_who_is_merged_into_them_while_their_erasure_begins_goes_too(bench: Bench) -> None:
    """The merge is written and not yet committed when somebody looks by which ids the person is known."""
    from hq.history import services
    from hq.history.models import ErasedPerson
    from hq.ledger.aggregates import PostgresAggregates
    from hq.ledger.port import ScopeKey
    from hq.ledger.postgres import PostgresLedger
    from hq.protocol import scopes
    from hq.sync_api.running import Shop, opened, together

    who, number = a_life(bench)
    store_id = bench.shop.store_id
    ledger, aggregates = PostgresLedger(), PostgresAggregates(store_id, [scopes.of_chain()])
    twin = Maker(store_id, bench.shop.guide_id).sign_up(phone=number, name="PLANTED late")
    twin_id = body_of(twin)["member_id"]
    with ThreadPoolExecutor(1) as other:
        with ledger.transaction():
            (ran,), work = together([opened(twin, Shop(store_id, "CNY"), NOW, "")], aggregates, "CNY")
            assert (ran.outcome.status, ran.outcome.id) == ("merged", who)
            erasing = other.submit(apart, lambda: erase(who))
            with pytest.raises(TimeoutError):
                erasing.result(1)
            ledger.publish(ScopeKey(store_id, bench.shop.scope), list(work.rows.values()))
        erasing.result(20)
    assert bench.traces("PLANTED", number[3:]) == []
    assert ErasedPerson.objects.filter(id=twin_id).exclude(finished_at=None).exists()
    first, second = services.journal().read()
    assert twin_id not in first.ids
    assert {who, twin_id} <= set(second.ids)
    assert bench.push(bench.maker.talk(twin_id, note="PLANTED")) == [("rejected", "erased")]
    assert bench.traces("PLANTED") == []
    assert services.replay(NOW) == 0


@pytest.mark.expects_log
def test_one_whom_the_database_could_not_erase_now_delays_nobody(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.history import services
    from hq.history.erasing import Eraser
    from hq.ledger.past import Person
    from hq.ledger.port import Transient

    signed = bench.maker.sign_up()
    assert bench.push(signed) == [("applied", "")]
    stuck, (who, _number) = body_of(signed)["member_id"], a_life(bench)
    for one in (stuck, who):
        services.journal().append(Person(bench.shop.store_id, (one,)), NOW)
    carried_out = Eraser.erase

    def erases(eraser: Eraser, person: Person, store_ids: Any) -> None:
        if stuck in person.ids:
            raise Transient("LockNotAvailable")
        carried_out(eraser, person, store_ids)

    with monkeypatch.context() as patch:
        patch.setattr(Eraser, "erase", erases)
        with pytest.raises(Transient):
            services.replay(NOW)
    assert bench.traces("PLANTED") == []
    assert services.replay(NOW) == 1


def apart(work: Callable[[], None]) -> None:
    """Does it in a thread of its own, and leaves no connection there."""
    from django.db import connection

    try:
        work()
    finally:
        connection.close()
