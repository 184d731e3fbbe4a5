"""HQ over HTTP on PostgreSQL: enrolment, what one round does, and what stands in the tables after it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import psycopg
import pytest

from guide_app.domain import clock
from guide_app.domain.records import Instrument, OpOutcome
from hq.protocol.positions import LEAP
from sync.protocol import codec
from sync.protocol.messages import ErrorBody, LeaseRequest, LeaseResponse, SyncResponse
from tests import shop as shops
from tests.hq_server import serving
from tests.integration.feed_check import assert_feed_equals_tables
from tests.ops import body_of, new_id, new_phone
from tests.tablet_client import Tablet


@dataclass
class Hq:
    """A served HQ with one shop."""

    url: str
    database: str
    chain: shops.Chain
    shop: shops.Shop
    closing: ExitStack

    def device(self, shop: shops.Shop | None = None) -> Tablet:
        """A device that is not enrolled yet."""
        tablet = Tablet(self.url, (shop or self.shop).guide_id)
        self.closing.callback(tablet.http.close)
        return tablet

    def tablet(self, shop: shops.Shop | None = None) -> Tablet:
        """A device enrolled in the shop."""
        tablet = self.device(shop)
        assert tablet.enrol(shops.new_code(shop or self.shop)).status_code == 200
        return tablet

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(sql.encode()).fetchall()


@pytest.fixture
def hq(hq_database: str) -> Iterator[Hq]:
    chain = shops.make_chain()
    shop = shops.make_shop(chain)
    with serving() as url, ExitStack() as closing:
        yield Hq(url, hq_database, chain, shop, closing)
    assert_feed_equals_tables()


def code_of(response: httpx.Response) -> str:
    return codec.decode(response.content, ErrorBody).code


def test_a_lost_answer_of_an_enrolment_is_given_again(hq: Hq) -> None:
    code = shops.new_code(hq.shop)
    tablet = hq.device()
    first = tablet.enrol(code)
    told = tablet.told
    assert first.status_code == 200
    assert tablet.enrol(code).status_code == 200
    assert tablet.told.device_id == told.device_id
    assert (told.store_code, told.region, told.currency, told.time_zone) == (hq.shop.code, "CN", "CNY", "Asia/Shanghai")
    assert [grant.kind for grant in told.grants] == ["store", "device", "region", "chain"]
    thief = hq.device()
    refused = thief.enrol(code)
    assert (refused.status_code, code_of(refused)) == (403, "enrol_code")
    assert hq.rows("SELECT letters FROM device") == [(told.device_letters,)]


def test_an_enrolment_cannot_be_played_again(hq: Hq) -> None:
    code = shops.new_code(hq.shop)
    tablet = hq.device()
    assert tablet.enrol(code, nonce="once").status_code == 200
    again = tablet.enrol(code, nonce="once")
    assert (again.status_code, code_of(again)) == (401, "nonce")


def test_an_odd_name_of_a_device_is_cut_or_refused(hq: Hq) -> None:
    long, odd = hq.device(), hq.device()
    assert long.enrol(shops.new_code(hq.shop), name="名" * 200).status_code == 200
    assert hq.rows("SELECT length(name) FROM device") == [(120,)]
    refused = odd.enrol(shops.new_code(hq.shop), name="a\0b")
    assert (refused.status_code, code_of(refused)) == (422, "envelope_invalid")


def test_trying_codes_is_stopped(hq: Hq) -> None:
    tablet = hq.device()
    answers = [tablet.enrol("AAAA-AAAA") for _ in range(12)]
    assert {(a.status_code, code_of(a)) for a in answers[:10]} == {(403, "enrol_code")}
    assert (answers[-1].status_code, code_of(answers[-1])) == (429, "too_often")
    assert int(answers[-1].headers["retry-after"]) > 0


def test_two_tablets_of_one_shop_have_letters_of_their_own(hq: Hq) -> None:
    assert hq.tablet().told.device_letters != hq.tablet().told.device_letters


def test_a_day_reaches_the_tables_the_feed_and_the_other_tablet(hq: Hq) -> None:
    tablet, other = hq.tablet(), hq.tablet()
    member = tablet.maker.sign_up()
    member_id = body_of(member)["member_id"]
    lines = [(product, 2, price) for product, price in zip(hq.chain.product_ids, shops.PRICES, strict=True)]
    order = tablet.maker.order(lines, hq.chain.list_id, member_id=member_id)
    ops = [member, order, tablet.maker.talk(member_id), tablet.maker.followup(member_id)]
    answer = tablet.sync(*ops)
    assert [result.status for result in answer.results] == ["applied"] * 4
    total = 2 * sum(shops.PRICES)
    assert hq.rows("SELECT order_count, spent FROM member") == [(1, total)]
    assert hq.rows("SELECT state, total, variance, fulfilment_repair FROM shop_order") == [("accepted", total, 0, "")]
    assert hq.rows("SELECT count(*), sum(qty) FROM order_line") == [(3, 6)]
    assert hq.rows("SELECT on_hand FROM stock ORDER BY on_hand") == [(98,), (98,)]
    pulled = {(row.e, row.id) for row in other.sync().rows}
    assert {("member", member_id), ("order", body_of(order)["order_id"])} <= pulled
    assert not other.sync().scopes


def test_a_talk_that_was_taken_back_is_so_for_everybody(hq: Hq) -> None:
    tablet, talk_id, member_id = hq.tablet(), new_id(), new_id()
    tablet.sync(tablet.maker.talk(member_id, talk_id=talk_id))
    tablet.sync(tablet.maker.talk(member_id, talk_id=talk_id, void=True))
    assert hq.rows("SELECT ver, void FROM talk") == [(2, True)]


def test_a_request_sent_twice_at_once_has_one_effect(hq: Hq) -> None:
    tablet = hq.tablet()
    ops = [tablet.maker.sign_up() for _ in range(60)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: tablet.ask(ops), range(4)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    last = tablet.sync(*ops)
    assert last.batch.last_seq == 60
    assert hq.rows("SELECT count(*) FROM member") == [(60,)]
    assert hq.rows("SELECT count(*) FROM op_log") == [(60,)]
    assert hq.rows("SELECT count(*), max(ver) FROM feed WHERE entity = 'member'") == [(60, 1)]


def test_tablets_that_sign_up_one_phone_at_once_make_one_member(hq: Hq) -> None:
    tablets = [hq.tablet() for _ in range(4)]
    phones = [new_phone() for _ in range(5)]
    ops = {tablet: [tablet.maker.sign_up(phone=phone) for phone in phones] for tablet in tablets}
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda tablet: tablet.sync(*ops[tablet]), tablets))
    statuses = sorted(result.status for answer in answers for result in answer.results)
    assert statuses == ["applied"] * 5 + ["merged"] * 15
    assert hq.rows("SELECT count(*), count(DISTINCT phone) FROM member") == [(5, 5)]
    assert hq.rows("SELECT count(*) FROM member_alias a JOIN member m ON m.id = a.member_id") == [(15,)]
    vanished = next(
        body_of(op)["member_id"]
        for tablet, answer in zip(tablets, answers, strict=True)
        for op, result in zip(ops[tablet], answer.results, strict=True)
        if result.status == "merged"
    )
    talk = tablets[0].sync(tablets[0].maker.talk(vanished)).results[0]
    assert talk.status == "applied"
    assert hq.rows(f"SELECT count(*) FROM talk t JOIN member m ON m.id = t.member_id AND m.id <> '{vanished}'") == [
        (1,)
    ]


def test_an_op_that_the_database_refuses_is_parked_alone(hq: Hq) -> None:
    tablet = hq.tablet()
    taken = tablet.maker.sign_up()
    same_number = tablet.maker.sign_up(member_no=body_of(taken)["member_no"])
    too_long = tablet.maker.sign_up(member_no="9" * 100)
    answer = tablet.sync(taken, same_number, too_long, tablet.maker.sign_up())
    assert [(r.status, r.code) for r in answer.results] == [
        ("applied", ""),
        ("applied", "number_changed"),
        ("parked", "body_invalid"),
        ("applied", ""),
    ]
    assert hq.rows("SELECT count(*) FROM member") == [(3,)]
    kept = hq.rows("SELECT convert_from(body, 'UTF8') FROM op_log WHERE status = 'parked'")
    assert kept == [(too_long.body,)]


def test_a_parked_op_runs_after_the_mend_and_its_tablet_hears_of_it(hq: Hq) -> None:
    from hq.policies import services as policies
    from hq.policies.models import Policy
    from hq.sync_api.directory import replay_parked

    tablet = hq.tablet()
    consents = [{"kind": "terms", "policy_version": "2", "granted": True}]
    sign_up = tablet.maker.sign_up(consents=consents)
    member_id = body_of(sign_up)["member_id"]
    edit = tablet.maker.edit(member_id, name=("陈静", "陈静怡"))
    answer = tablet.sync(sign_up, edit)
    assert [r.code for r in answer.results] == ["policy_unknown", "member_unknown"]
    assert replay_parked() == (0, 2)
    policies.save_policy(Policy(kind="terms", version="2", title_en="t", title_zh="t", text_en="t", text_zh="t"))
    assert replay_parked() == (2, 0)
    assert replay_parked() == (0, 0)
    assert hq.rows("SELECT name, ver FROM member") == [("陈静怡", 2)]
    late = {row.id: codec.decode(bytes(row.d), OpOutcome) for row in tablet.sync().rows if row.e == "op_outcome"}
    assert late.keys() == {sign_up.op_id, edit.op_id}
    assert {outcome.status for outcome in late.values()} == {"applied"}
    assert late[edit.op_id].feed_pos > late[sign_up.op_id].feed_pos > 0
    again = tablet.sync(sign_up, edit)
    assert [(r.status, r.dup) for r in again.results] == [("applied", True)] * 2


def test_a_tablet_cannot_take_over_a_row_of_another_shop(hq: Hq) -> None:
    tablet = hq.tablet()
    member = tablet.maker.sign_up()
    tablet.sync(member)
    elsewhere = shops.make_shop(hq.chain)
    other = hq.tablet(elsewhere)
    answer = other.sync(other.maker.sign_up(member_id=body_of(member)["member_id"]))
    assert [(r.status, r.code) for r in answer.results] == [("parked", "body_invalid")]
    assert hq.rows("SELECT store_id::text FROM member") == [(hq.shop.store_id,)]
    assert "member" not in {row.e for row in other.sync().rows}


def test_an_idle_round_costs_one_query(hq: Hq, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    asked = list[str]()

    def counted(kind: type[Any]) -> None:
        before = kind.execute

        def execute(self: Any, query: Any, *given: Any, **named: Any) -> Any:
            asked.append(str(query))
            return before(self, query, *given, **named)

        monkeypatch.setattr(kind, "execute", execute)

    tablet = hq.tablet()
    for _ in range(2):
        tablet.sync()
    counted(psycopg.AsyncCursor)
    counted(psycopg.Cursor)
    heard = list[httpx.Response]()
    tablet.http.event_hooks = {"response": [heard.append]}
    tablet.sync()
    assert heard[0].status_code == 200
    assert int(heard[0].headers["content-length"]) <= 300
    assert len(asked) == 1


def test_a_first_sync_takes_pages_that_lie_ready_and_never_an_old_one(hq: Hq) -> None:
    from hq.protocol import epoch

    first = hq.tablet()
    first.sync(*(first.maker.sign_up() for _ in range(40)), want=0)

    def load() -> list[tuple[str, str, int, int]]:
        tablet, rows, more = hq.tablet(), list[tuple[str, str, int, int]](), True
        while more:
            answer = tablet.sync(want=4000)
            rows += [(row.e, row.id, row.v, row.q) for row in answer.rows if row.e != "op_outcome"]
            more = any(scope.more for scope in answer.scopes.values())
        return rows

    rows = load()
    assert load() == rows
    member = next(row_id for entity, row_id, _, _ in rows if entity == "member")
    first.sync(first.maker.edit(member, name=("陈静", "陈安")), want=0)
    changed = load()
    assert [row for row in changed if row[1] != member] == [row for row in rows if row[1] != member]
    assert [row[:3] for row in changed if row[1] == member] == [("member", member, 2)]
    assert changed == load()
    lost, other = next(row[1] for row in changed if row[0] == "member"), new_id()
    put = "UPDATE feed SET entity_id = '{}' WHERE entity_id = '{}' RETURNING 1"
    hq.rows(put.format(other, lost))  # in a restored database another row stands in the same place
    hq.rows("UPDATE epoch SET timeline = 99 RETURNING 1")
    epoch.current()
    restored = load()
    hq.rows(put.format(lost, other))
    assert [row[1] for row in restored] == [other if row[1] == lost else row[1] for row in changed]


def test_a_revoked_tablet_is_refused_at_its_very_next_request(hq: Hq) -> None:
    tablet = hq.tablet()
    tablet.sync()
    hq.rows("UPDATE device SET revoked_at = now() RETURNING id")
    refused = tablet.ask()
    assert (refused.status_code, code_of(refused)) == (403, "revoked")


def test_an_unknown_epoch_is_told_where_every_scope_stands(hq: Hq) -> None:
    tablet = hq.tablet()
    member = tablet.maker.sign_up()
    answer = tablet.sync(member, epoch="another")
    assert (answer.batch.status, answer.batch.last_seq, answer.epoch) == ("epoch_changed", 0, tablet.told.epoch)
    assert answer.scopes.keys() == {grant.scope for grant in tablet.told.grants}
    assert all(state.refetch for state in answer.scopes.values())
    assert not answer.rows
    assert not answer.results
    assert hq.rows("SELECT count(*) FROM member") == [(0,)]


def test_who_comes_from_an_epoch_that_the_database_holds_compares_and_others_fetch_again(hq: Hq) -> None:
    from hq.protocol import epoch

    tablet = hq.tablet()
    lost = epoch.begin("the wrong backup")
    hq.rows(f"DELETE FROM epoch WHERE epoch = '{lost}' RETURNING 1")  # the right one is older
    epoch.begin("the right backup")
    for era, again in ((tablet.told.epoch, False), (lost, True)):
        answer = tablet.sync(epoch=era)
        assert answer.batch.status == "epoch_changed"
        assert {state.refetch for state in answer.scopes.values()} == {again}


def test_what_a_restored_hq_writes_stands_behind_all_that_the_lost_history_gave(hq: Hq) -> None:
    from hq.protocol import epoch

    tablet = hq.tablet()
    tablet.sync(tablet.maker.sign_up())
    scope = next(grant.scope for grant in tablet.told.grants if grant.kind == "store")
    (before,) = (int(str(head)) for (head,) in hq.rows(f"SELECT head FROM scope_head WHERE scope = '{scope}'"))
    fresh = epoch.begin("a dump was loaded")
    try:
        heads = hq.rows("SELECT DISTINCT head FROM scope_head")
        assert all(int(str(head)) % LEAP == 0 for (head,) in heads), heads
        answer = tablet.sync(tablet.maker.sign_up(), epoch=fresh, after={scope: before + 40}, want=1_000_000)
        assert [row.q for row in answer.rows if row.s == scope] == [LEAP + 1]
        assert (answer.scopes[scope].head, answer.scopes[scope].refetch) == (LEAP + 1, False)
    finally:
        hq.rows(f"DELETE FROM epoch WHERE epoch = '{fresh}' RETURNING 1")


def test_a_position_outside_the_feed_is_to_be_fetched_again(hq: Hq) -> None:
    tablet = hq.tablet()
    scope = next(grant.scope for grant in tablet.told.grants if grant.kind == "store")
    beyond = codec.decode(tablet.ask(after={scope: 10_000}).content, SyncResponse)
    assert beyond.scopes[scope].refetch
    assert beyond.grants is not None
    hq_floor = f"UPDATE scope_head SET floor = head WHERE scope = '{scope}'"
    with psycopg.connect(hq.database) as connection:
        connection.execute(hq_floor.encode())
    below = codec.decode(tablet.ask(after={scope: 1}).content, SyncResponse)
    assert below.scopes[scope].refetch
    assert not below.rows
    scratch = codec.decode(tablet.ask(after={scope: 0}).content, SyncResponse)
    assert not scratch.scopes[scope].refetch
    assert scratch.rows


def test_scopes_that_are_not_granted_are_passed_over(hq: Hq) -> None:
    tablet = hq.tablet()
    elsewhere = shops.make_shop(hq.chain)
    answer = codec.decode(tablet.ask(after={**tablet.cursors, elsewhere.scope: 0}).content, SyncResponse)
    assert elsewhere.scope not in answer.scopes
    assert answer.grants is not None
    assert {row.s for row in answer.rows} <= {grant.scope for grant in tablet.told.grants}


def test_a_revoked_tablet_is_told_what_to_do(hq: Hq) -> None:
    from django.utils import timezone

    from hq.devices import services
    from hq.devices.models import Device

    tablet = hq.tablet()
    services.revoke(Device.objects.get(), timezone.now())
    answer = tablet.ask()
    assert (answer.status_code, code_of(answer)) == (403, "revoked")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"guide-protocol": "2"}, 426, "protocol_unknown"),
        ({"guide-app": "newest"}, 422, "envelope_invalid"),
        ({"content-type": "text/plain"}, 415, "type_unknown"),
        ({"content-encoding": "br"}, 415, "encoding_unknown"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(hq: Hq, headers: dict[str, str], status: int, code: str) -> None:
    answer = hq.tablet().ask(headers=headers)
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_other_addresses_and_methods_answer_in_the_same_form(hq: Hq) -> None:
    tablet = hq.tablet()
    for path in ("/v1/nothing", "/v1/"):
        answer = tablet.post(path, b"{}")
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
    brought = tablet.http.put(f"/v1/files/{'0' * 64}", content=b"a file")
    assert (brought.status_code, code_of(brought)) == (405, "method")
    wrong = tablet.http.get("/v1/sync")
    assert (wrong.status_code, code_of(wrong)) == (405, "method")


def test_a_body_above_two_mebibytes_is_refused(hq: Hq) -> None:
    answer = hq.tablet().post("/v1/sync", b" " * (codec.MAX_UNPACKED + 1))
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_the_contract_is_described_for_machines(hq: Hq) -> None:
    described = msgspec.json.decode(hq.device().http.get("/v1/openapi.json").content)
    assert described["x-op-kinds"].keys() >= {"member.sign_up", "order.place", "staff.set_pin"}
    assert described["x-entities"].keys() >= {"member", "order", "op_outcome"}


def test_a_round_may_be_sent_again_as_it_was_signed(hq: Hq) -> None:
    tablet = hq.tablet()
    op = tablet.maker.sign_up()
    sent = list[httpx.Request]()
    tablet.http.event_hooks = {"request": [sent.append]}
    tablet.ask([op])
    tablet.http.event_hooks = {}
    again = tablet.http.send(sent[0])
    assert again.status_code == 200
    (result,) = codec.decode(again.content, SyncResponse).results
    assert (result.status, result.dup) == ("applied", True)
    assert hq.rows("SELECT count(*) FROM member") == [(1,)]


def test_a_tablet_is_authorised_for_35_days_from_every_answer(hq: Hq) -> None:
    tablet = hq.tablet()
    for told in (tablet.told, tablet.sync()):
        lasts = clock.from_text(told.authorised_until) - clock.from_text(told.server_time)
        assert abs(lasts - timedelta(days=35)) < timedelta(seconds=5)


def test_a_tablet_that_asks_for_leases_without_end_is_stopped(hq: Hq) -> None:
    tablet, other = hq.tablet(), hq.tablet()
    asked = codec.encode(LeaseRequest(request_id=new_id(), instrument=Instrument(kind="card", id=new_id()), amount=1))
    for _ in range(60):
        answer = tablet.post("/v1/lease", asked)
        assert (answer.status_code, codec.decode(answer.content, LeaseResponse).code) == (200, "instrument_unknown")
    refused = tablet.post("/v1/lease", asked)
    assert (refused.status_code, code_of(refused)) == (429, "too_often")
    assert int(refused.headers["retry-after"]) > 0
    assert other.post("/v1/lease", asked).status_code == 200


def test_a_tablet_gives_back_its_own_leases_only(hq: Hq) -> None:
    from hq.leases import services

    owner, other = hq.tablet(), hq.tablet()
    card = Instrument(kind="card", id=new_id())
    services.put(hq.shop.store_id, card, new_id(), 10)
    asked = codec.encode(LeaseRequest(request_id=new_id(), instrument=card, amount=6))
    lease = codec.decode(owner.post("/v1/lease", asked).content, LeaseResponse).lease
    assert lease is not None
    for tablet, code, held in ((other, "lease_elsewhere", 6), (owner, "", 0)):
        (result,) = tablet.sync(tablet.maker.give_back(lease.id, 6)).results
        assert (result.status, result.code) == ("applied", code)
        assert hq.rows("SELECT held FROM instrument") == [(held,)]


def test_a_file_that_went_on_from_another_is_kept_once_and_counted(hq: Hq) -> None:
    tablet = hq.tablet()
    tablet.sync(tablet.maker.sign_up(), tablet.maker.sign_up())
    assert tablet.sync(next_seq=1).batch.status == "fork"
    old, tablet.incarnation = tablet.incarnation, new_id()
    for _ in range(2):
        assert tablet.sync(next_seq=1, forked_from=old).batch.status == "ok"
    kept = hq.rows("SELECT incarnation::text, forked_from FROM stream_fork")
    assert kept == [(tablet.incarnation, old)]
    assert 'guide_hq_batches_total{status="fork"} 1.0' in httpx.get(f"{hq.url}/metrics").text
