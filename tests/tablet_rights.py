"""What a tablet can do to another store: every signed address of the tablets' interface, and every kind of operation,
asked with the ids of a store that is not its own. Counts what was read and what was written across.

    python -m tests.tablet_rights        asks anew, and writes docs/proofs/tablet_rights.md
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import msgspec

from guide_app.domain.clock import SystemClock
from guide_app.domain.records import Instrument
from sync.protocol import codec
from sync.protocol.messages import LeaseRequest, LeaseResponse, PayRequest, PayResponse
from tests import shop as shops
from tests.golden import make_ops as golden
from tests.golden.op_bodies import BODIES
from tests.ops import body_of, new_id
from tests.tablet_client import Tablet

PAGE = Path(__file__).resolve().parent.parent / "docs" / "proofs" / "tablet_rights.md"
MARK = "MARKEDAS"
"""Stands in every text of the first store, and in nobody else's."""
NUMBER = "NUMBERAS2"
"""Of the first store's order."""
SECRET = b"s" * 32
_COPY, _HOME = "a copy of the order that names nobody (§5)", "forwarded to the member's home, which judges it (§5)"
DOORS = {
    "order_copy.return": _COPY, "order_copy.return_undo": _COPY, "followup.set": _HOME, "promise.make": _HOME,
    "promise.settle": _HOME, "ticket.raise": _HOME, "ticket.step": _HOME,
}  # fmt: skip
"""Kinds by which the contract lets one store's tablet do something for another store's customer: a guest brings goods
back, complains, is promised something. What each does beyond its own store is counted apart, table by table."""
_STEPS = {"feed", "scope_head", "step", "step_taken"}
DONE_AT_HOME = {
    _COPY: _STEPS | {"member", "shop_order", "stock"},
    _HOME: _STEPS | {"op_directory", "op_log", "followup", "promise", "ticket"},
}
"""The tables of the home that each may move."""
_NEW = golden.OTHER
_FILE = b"a leaflet of the first store's own " * 9


@dataclass(frozen=True)
class First:
    """The store that is asked about, and what it has. `own`: the ids of its rows, by what they are."""

    shop: shops.Shop
    tablet: Tablet
    own: dict[str, str]
    scopes: dict[str, str]
    sha256: str

    @property
    def told(self) -> list[str]:
        """What an answer tells when it shows anything of this store."""
        return [MARK, NUMBER, self.own["phone"], self.own["phone"][3:], _FILE.decode().strip()[:34]]


@dataclass(frozen=True)
class Asker:
    """Who asks, and how the table calls them."""

    role: str
    tablet: Tablet
    admitted: bool = True


@dataclass
class Walk:
    """Asks, and counts by (address, role)."""

    first: First
    rows: Callable[[], dict[str, str]]
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_contract: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def ask(self, address: str, asker: Asker, question: Callable[[], httpx.Response], said: str = "") -> httpx.Response:
        """Asks once; what came, and what became of the first store, is looked at."""
        from hq.sync_api import directory

        before, cell = self.rows(), (address, asker.role)
        answer = question()
        directory.sweep()
        self.asked[cell] += 1
        shown = answer.content.decode("utf-8", "replace")
        if not asker.admitted and answer.status_code < 400:
            self.found.append(f"{address} {asker.role}: {answer.status_code}")
        door = DOORS.get(address.partition(": ")[2], "")
        told = [one for one in self.first.told if one in shown]
        if told == [NUMBER] and door == _COPY:
            self.by_contract[f"{address} read"] += 1
        elif told:
            self.read[cell] += 1
            self.found.append(f"{address} {asker.role} {said}: read {told}")
        after = self.rows()
        if moved := {name for name in before if before[name] != after[name]}:
            self._wrote(cell, door, moved, said)
        return answer

    def _wrote(self, cell: tuple[str, str], door: str, moved: set[str], said: str) -> None:
        if moved <= DONE_AT_HOME.get(door, set()):
            self.by_contract[f"{cell[0]} written"] += 1
            return
        self.written[cell] += 1
        self.found.append(f"{cell} {said}: wrote {sorted(moved)}")


def first_store(url: str, chain: shops.Chain, shop: shops.Shop, closing: ExitStack) -> First:
    """The store with a row of every kind that a tablet makes, a card, a lease, a payment, and a file of its region."""
    tablet = Tablet(url, shop.guide_id)
    closing.callback(tablet.close)
    assert tablet.enrol(shops.new_code(shop)).status_code == 200
    make, product = tablet.maker, chain.product_ids[0]
    phone = "+8613977001234"
    member = make.sign_up(name=f"{MARK} one", member_no=f"{MARK}1", phone=phone)
    member_id = body_of(member)["member_id"]
    line = (product, 2, shops.PRICES[0])
    order = make.order([line], chain.list_id, number=NUMBER, note=MARK, member_id=member_id)
    made = {
        "talk_id": make.talk(member_id, note=MARK), "followup_id": make.followup(member_id, note=MARK),
        "ticket_id": make.ticket(member_id, words=MARK, number=f"{MARK}3"),
        "promise_id": make.promise(member_id, words=MARK),
        "quotation_id": make.quote([line], member_id, number=f"{MARK}4"), "close_id": make.close_day(),
        "share_id": make.share(member_id),
    }  # fmt: skip
    results = tablet.sync(member, order, *made.values()).results
    assert [one.status for one in results] == ["applied"] * len(results), results
    own = {name: body_of(op)[name] for name, op in made.items()}
    own |= {"member_id": member_id, "order_id": body_of(order)["order_id"], "phone": phone,
            "line_id": body_of(order)["lines"][0]["line_id"], "op_id": order.op_id}  # fmt: skip
    own |= _card(tablet, shop) | _payment(tablet, own["order_id"])
    scopes: dict[str, str] = {grant.kind: grant.scope for grant in tablet.told.grants}
    return First(shop, tablet, own, scopes, _file(scopes["store"]))


def _card(tablet: Tablet, shop: shops.Shop) -> dict[str, str]:
    from hq.leases import services

    card = Instrument(kind="card", id=new_id())
    services.put(shop.store_id, card, new_id(), 10)
    asked = codec.encode(LeaseRequest(request_id=new_id(), instrument=card, amount=6))
    lease = codec.decode(tablet.post("/v1/lease", asked).content, LeaseResponse).lease
    assert lease is not None
    return {"card_id": str(card.id), "lease_id": lease.id}


def _payment(tablet: Tablet, order_id: str) -> dict[str, str]:
    asked = PayRequest(request_id=new_id(), what="ask", order_id=order_id, guide_id=tablet.guide_id, amount=1)
    told = codec.decode(tablet.post("/v1/payment", codec.encode(asked)).content, PayResponse)
    assert told.payment_id, told.code
    return {"payment_id": told.payment_id}


def _file(scope: str) -> str:
    from hq.files import services

    kept = services.keep(io.BytesIO(_FILE), "text/plain")
    services.name(scope, "material", new_id(), {kept.sha256})
    return kept.sha256


def rows_of(shop: shops.Shop, scopes: dict[str, str]) -> Callable[[], dict[str, str]]:
    """A digest of all that HQ keeps of the store and its feeds, by table, in whatever table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'store_id'"
                       " AND table_schema = 'public' ORDER BY 1")  # fmt: skip
        tables = [name for (name,) in cursor.fetchall()]
    parts = [f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t WHERE store_id::text = %s)"
             for name in tables]  # fmt: skip
    feeds = "(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM feed t WHERE scope = ANY(%s))"
    statement = f"SELECT {', '.join([*parts, feeds])}"
    given: list[Any] = [shop.store_id] * len(tables) + [list(scopes.values())]

    def rows() -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return dict(zip([*tables, "feed"], map(str, cursor.fetchone()), strict=True))

    return rows


def bodies(first: First, product: str, list_id: str) -> Iterator[tuple[str, int, str]]:
    """(kind, version, body) of every kind, naming the first store's rows: what is new is new, or has its rows' ids."""
    own = first.own
    known = {
        golden.MEMBER: own["member_id"], golden.ORDER: own["order_id"], golden.QUOTATION: own["quotation_id"],
        golden.LEASE: own["lease_id"], golden.GUIDE: first.shop.guide_id, golden.PRODUCT: product,
        golden.LIST: list_id, golden.uid(1): own["line_id"], golden.uid(96): own["card_id"],
    }  # fmt: skip
    for (kind, version), named in BODIES.items():
        for name in ("minimal", "full"):
            for said in {new_id(), *_made_by(kind, named[name], own)}:
                text = json.dumps(named[name], ensure_ascii=False)
                for old, new in {**known, _NEW: said}.items():
                    text = text.replace(old, new)
                yield kind, version, text


def _made_by(kind: str, body: dict[str, Any], own: dict[str, str]) -> set[str]:
    """The first store's ids that fit where the body has a new one."""
    return {own[name] for name, value in body.items() if value == _NEW and name in own and kind}


def walk(first: First, askers: list[Asker], chain: shops.Chain) -> Walk:
    """Everything, as everybody."""
    from hq.sync_api import directory

    directory.sweep()  # what the first store itself left to be done
    done = Walk(first, rows_of(first.shop, first.scopes))
    for asker in askers:
        _addresses(done, asker)
        _stolen(done, asker)
        for door in ("", _HOME, _COPY):
            _operations(done, asker, chain, door)
            _all(done, asker, "/v1/sync: order_copy.return" if door == _COPY else "/v1/sync")
    return done


def _all(done: Walk, asker: Asker, address: str) -> None:
    """All that the tablet is given."""
    asker.tablet.cursors = dict.fromkeys(asker.tablet.cursors, 0)
    done.ask(address, asker, asker.tablet.ask, "all its rows")


def _stolen(done: Walk, asker: Asker) -> None:
    """An operation under the id of one of the first store's."""
    own = done.first.own
    body = {"order_id": own["order_id"], "reason": ""}
    op = asker.tablet.maker.op("order.cancel", body, op_id=own["op_id"])
    done.ask("/v1/sync: order.cancel", asker, lambda: asker.tablet.ask([op]), "under another's op id")


def _operations(done: Walk, asker: Asker, chain: shops.Chain, door: str) -> None:
    """Each kind in two ways: as the tablet's own work, and as work that says it is the first store's."""
    tablet, first = asker.tablet, done.first
    tried = set[str]()
    stores = [tablet.told.store_id, first.shop.store_id]
    for kind, version, text in bodies(first, chain.product_ids[0], chain.list_id):
        if DOORS.get(kind, "") != door or (not asker.admitted and kind in tried):
            continue
        tried.add(kind)
        for store_id in stores:
            for guide_id in {tablet.guide_id, first.shop.guide_id} if store_id == stores[1] else {tablet.guide_id}:
                op = tablet.maker.op(kind, text, schema_v=version, store_id=store_id, guide_id=guide_id)
                done.ask(f"/v1/sync: {kind}", asker, lambda op=op: tablet.ask([op]), f"{version} in {store_id}")  # type: ignore[misc]


def _addresses(done: Walk, asker: Asker) -> None:
    first, tablet = done.first, asker.tablet
    own = first.own

    def post(address: str, said: str, **body: Any) -> None:
        done.ask(address, asker, lambda: tablet.post(address, codec.encode(body)), said)

    def get(address: str, target: str) -> None:
        done.ask(address, asker, lambda: tablet.get(target), target)

    theirs = dict.fromkeys(first.scopes.values(), 0)
    done.ask("/v1/sync", asker, lambda: tablet.ask(after=theirs), "its scopes")
    done.ask("/v1/sync", asker, lambda: tablet.ask(incarnation=first.tablet.incarnation), "its stream")
    done.ask("/v1/sync", asker, lambda: tablet.ask(forked_from=first.tablet.incarnation), "a copy of its file")
    for scope in {first.scopes["store"], first.scopes["device"]} | (
        {first.scopes["region"]} - {grant.scope for grant in tablet.told.grants}
    ):
        for bucket in range(256):
            if bucket % 32 == 0:
                post("/v1/verify", scope, scope=scope, at=0, epoch=tablet.told.epoch, bucket=bucket)
        post("/v1/verify", scope, scope=scope, at=0, epoch=tablet.told.epoch, sums=["0" * 16] * 256)
    card, staff = {"kind": "card", "id": own["card_id"]}, {"kind": "staff", "id": first.shop.guide_id}
    leases: tuple[dict[str, Any], ...] = (
        {"instrument": card}, {"instrument": card, "lease_id": own["lease_id"]},
        {"instrument": staff, "staff_id": first.shop.guide_id},
    )  # fmt: skip
    for said in leases:
        post("/v1/lease", str(said), request_id=new_id(), amount=1, **said)
    for key in ("member_id", "order_id", "quotation_id", "ticket_id", "payment_id", "card_id"):
        for name in ("card", "member_no", "order"):
            post("/v1/lookup", f"{name} {key}", **{name: own[key]})
    post("/v1/lookup", "a gift card's number", gift_card=own["card_id"], pin="0000")
    for said in ({"what": "ask", "amount": 1}, {"what": "close", "payment_id": own["payment_id"]},
                 {"what": "refund", "payment_id": own["payment_id"], "amount": 1, "reason": "slip"}):  # fmt: skip
        for guide_id in (tablet.guide_id, first.shop.guide_id):
            post("/v1/payment", str(said), request_id=new_id(), order_id=own["order_id"], guide_id=guide_id, **said)
    get("/v1/files/{sha256}", f"/v1/files/{first.sha256}")
    get("/v1/radar", "/v1/radar")
    get("/v1/radar", f"/v1/radar?store={first.shop.store_id}")
    was = {"device_public_key": tablet.key.public_text, "device_name": "till", "platform": "linux", "code": "ABCD-EFGH"}
    post("/v1/enrol", "as its tablet", **was, was=first.tablet.told.device_id, was_proof="x" * 86)
    done.ask("/v1/events", asker, lambda: _events(tablet))


def _events(tablet: Tablet) -> httpx.Response:
    """The head of the stream, and not what it says later: that is the ids of scopes that were granted."""
    with tablet.http.stream("GET", "/v1/events", headers=tablet.signed("GET", "/v1/events")) as answer:
        return httpx.Response(answer.status_code)


@contextmanager
def world(url: str) -> Iterator[tuple[First, list[Asker], shops.Chain]]:
    """The first store; tablets of a store of its region, of another region, of nobody, and one that was revoked."""
    from hq.devices import services as devices
    from hq.devices.models import Device
    from hq.stores import services as stores
    from hq.stores.models import Store

    with ExitStack() as closing:
        chain = shops.make_chain()
        shop, near, far = (shops.make_shop(chain) for _ in range(3))
        store = Store.objects.get(id=near.store_id)
        store.region_id = Store.objects.get(id=shop.store_id).region_id
        stores.save_store(store)
        askers = []
        for role, over in (("another store", near), ("another region", far), ("revoked", shop), ("unknown key", far)):
            tablet = Tablet(url, over.guide_id)
            closing.callback(tablet.close)
            assert tablet.enrol(shops.new_code(over)).status_code == 200
            tablet.http.headers["accept"] = "*/*"
            askers.append(Asker(role, tablet, admitted="another" in role))
        devices.revoke(Device.objects.get(id=askers[2].tablet.told.device_id), SystemClock().now())
        askers[3].tablet.told = msgspec.structs.replace(askers[3].tablet.told, device_id=new_id())
        yield first_store(url, chain, shop, closing), askers, chain


def table(done: Walk) -> str:
    """As it stands in docs/proofs."""
    roles = list(dict.fromkeys(role for _address, role in done.asked))
    lines = [
        "# A tablet, and what is another store's",
        "",
        "Made by `python -m tests.tablet_rights`, held to what happens by `tests/integration/test_tablet_rights.py`.",
        "Every signed address of the tablets' interface and every kind of operation is asked with the ids of the first",
        "store's members, orders, quotations, talks, tickets, files, cards, leases, payments, people, by four tablets",
        "that are not its own: of another store of its region, of another region, one of its own that was revoked, and",
        "one that HQ does not know. After each question all rows that HQ keeps of the first store, in every table and",
        "feed, are compared with before, and the answer is searched for its texts, its phone and its file. What is",
        "asked by a full phone, card or member number is not here: that a guest is served in any store is what",
        "`/v1/lookup` is for, and each question is logged.",
        "",
        "The last column is what the contract asks for: a guest of another store brings goods back, complains, or is",
        "promised something. It goes by ids that nobody can guess, shows nobody, moves no tables of the home but those",
        "that the test lists, and the home judges it.",
        "",
        "| address | asked | cross reads | cross writes | by the contract |",
        "| --- | --- | --- | --- | --- |",
    ]
    for address in sorted({address for address, _role in done.asked}):
        cells = [sum(count[address, role] for role in roles) for count in (done.asked, done.read, done.written)]
        lines.append(f"| `{address}` | {' | '.join(map(str, cells))} | {_by_contract(done, address)} |")
    totals = (done.asked.total(), done.read.total(), done.written.total())
    lines += [
        f"| **all, as {len(roles)} roles ({', '.join(roles)})** | {' | '.join(f'**{one}**' for one in totals)} | |"
    ]
    return "\n".join(lines) + "\n"


def _by_contract(done: Walk, address: str) -> str:
    counts = {what: done.by_contract[f"{address} {what}"] for what in ("read", "written")}
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return f"{told}: {DOORS[address.partition(': ')[2]]}" if told else "·"


def walked(folder: Path) -> Walk:
    """The walk against an HQ on the database that Django is connected to. `folder`: scratch."""
    from django.conf import settings

    from hq.payments.local import server
    from tests.hq_server import serving

    with server.running(SECRET, SystemClock()) as desk:
        (folder / "local.secret").write_bytes(SECRET)
        told = folder / "payments.json"
        told.write_text(json.dumps({"provider": "local", "url": str(desk.base_url), "secret_file": "local.secret"}))
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, payments=told, files=folder / "files")
        with serving() as url, world(url) as (first, askers, chain):
            return walk(first, askers, chain)


def main() -> int:
    """Asks anew and writes the page; 1 where anything was read or written across."""
    from hq.database.opening import migrate, opened

    with tempfile.TemporaryDirectory(prefix="guide-rights-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with opened(folder / "data"):
            migrate()
            done = walked(folder)
    print(table(done), *done.found, sep="\n")
    PAGE.write_text(table(done), encoding="utf-8")
    return 1 if done.found else 0


if __name__ == "__main__":
    sys.exit(main())
