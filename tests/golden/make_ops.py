"""Makes the corpus of operations: `python -m tests.golden.make_ops` writes a file for each version that has none.

`tests/golden/ops/<kind>.v<n>.json` holds operations of a shipped version as a tablet sends them, with their hash, the
JSON Schema of the body, and what they led to. A file that exists stays as it is: tablets out there hold such bodies.
`--effects` takes down anew what the operations lead to, after a rule of the trade was changed on purpose.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from guide_app import operations
from guide_app.domain.records import (
    Consent,
    Fulfilment,
    Lease,
    Member,
    Names,
    Order,
    OrderCopy,
    OrderLine,
    Parcel,
    ParcelLine,
    PaymentIntent,
    PriceListUsed,
    Quotation,
    Record,
    Ref,
    Staff,
    Stock,
    Totals,
)
from guide_app.operations import OPERATIONS, Context, Refusal, Snapshot, Versioned
from sync.protocol.digest import op_sha

OPS = Path(__file__).with_name("ops")


def uid(n: int) -> str:
    """A UUID that says which it is."""
    return f"00000000-0000-4000-8000-{n:012d}"


MEMBER, GUIDE, PRODUCT, ORDER, LIST, OTHER, STORE, LEASE, QUOTATION = (uid(9000 + n) for n in range(9))
POLICY, MADE_AT, NOW = "1", "2026-11-20T10:00:00.000Z", "2026-11-20T10:00:05.000Z"
_JOINED = "2026-01-01T00:00:00.000Z"


class StoredOp(msgspec.Struct, frozen=True):
    """An operation as a tablet keeps and sends it, and what it led to."""

    name: str
    op_id: str
    kind: str
    schema_v: int
    store_id: str
    guide_id: str
    made_at: str
    body: str
    sha: str
    became: dict[str, Any]


class Corpus(msgspec.Struct, frozen=True):
    """All that is kept of one version of one kind. `schema`: the JSON Schema of the body."""

    kind: str
    schema_v: int
    schema: dict[str, Any]
    ops: list[StoredOp]


def shop() -> dict[Ref, Record]:
    """The rows that the operations meet."""
    line = OrderLine(line_id=uid(1), product_id=PRODUCT, qty=2, unit_price=990, amount=1980)
    return {
        Ref("member", MEMBER): Member(
            member_no="N7", phone="+8613800000007", name="陈静", pinyin="chen jing", initials="cj", owner_id=GUIDE,
            home_store_id=STORE, joined_at=_JOINED, last_contact_at=_JOINED, order_count=1, spent=1980, note="before",
            consents=(Consent(kind="terms", granted=False, policy_version=POLICY, ver=2, at=_JOINED),),
        ),
        Ref("staff", GUIDE): Staff(name="王芳", staff_no="01"),
        Ref("stock", PRODUCT): Stock(on_hand=10, as_of=_JOINED),
        Ref("order", ORDER): Order(
            number="101AB7K00415", state="placed", guide_id=GUIDE, placed_at=_JOINED, currency="CNY", lines=(line,),
            totals=Totals(lines=1980, discounts=0, total=1980), member_id=MEMBER,
            fulfilment=Fulfilment(kind="take_away"), payment_intent=PaymentIntent(method="cash", amount=1980),
            price_list=PriceListUsed(id=LIST, version=1),
        ),
        Ref("order_copy", ORDER): OrderCopy(
            number="102CD7K00415", state="paid", guide_id=OTHER, placed_at=_JOINED, currency="CNY", lines=(line,),
            totals=Totals(lines=1980, discounts=0, total=1980), store_id=STORE, home_store_id=OTHER,
            home_names=Names(en="West", zh="西店"), home_ver=3, until=NOW,
        ),
        Ref("parcel", ORDER): Parcel(
            number="102CD7K00415", placed_at=_JOINED, store_id=STORE, home_store_id=OTHER, paid=True,
            home_names=Names(en="West", zh="西店"), lines=(ParcelLine(line_id=uid(1), product_id=PRODUCT, qty=2),),
            goes=Fulfilment(kind="pick_up", store_id=STORE),
        ),
        Ref("quotation", QUOTATION): Quotation(
            member_id=MEMBER, number="101AB7K00512", guide_id=GUIDE, made_at=_JOINED, valid_until="2026-12-04",
            currency="CNY", lines=(line,), totals=Totals(lines=1980, discounts=0, total=1980),
            price_list=PriceListUsed(id=LIST, version=1),
        ),
        Ref("lease", LEASE): Lease(amount=7, expires_at="2027-01-01T00:00:00.000Z"),
    }  # fmt: skip


def became(kind: str, schema_v: int, text: str) -> dict[str, Any]:
    """What HQ's reader and the operation's effect make of a body today: a refusal, or the rows that changed."""
    operation, state = OPERATIONS[kind], Snapshot({ref: Versioned(row, 3) for ref, row in shop().items()})
    body = operations.read(kind, schema_v, text)
    context = Context(op_id=uid(1), store_id=STORE, guide_id=GUIDE, made_at=MADE_AT, now=NOW, currency="CNY")
    done = operations.perform(operation, body, state, context)
    if isinstance(done, Refusal):
        return {"refused": done.status, "code": done.code}
    rows = {f"{ref.entity} {ref.id}": row.record for ref in state.changed if (row := state.row(ref))}
    return {"code": done.code, "rows": _as_json(dict(sorted(rows.items())))}


def stored(name: str, kind: str, schema_v: int, body: dict[str, Any]) -> StoredOp:
    """The operation around a body."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    sha = op_sha(uid(1), kind, schema_v, STORE, GUIDE, MADE_AT, text)
    return StoredOp(
        name, uid(1), kind, schema_v, STORE, GUIDE, MADE_AT, text, sha, became(kind, schema_v, text)
    )  # fmt: skip


def schema_of(kind: str, schema_v: int) -> dict[str, Any]:
    """The JSON Schema of a body, without the words that only people read."""
    schema: dict[str, Any] = _as_json(_without_words(msgspec.json.schema(OPERATIONS[kind].formats[schema_v])))
    return schema


def shape(schema: dict[str, Any]) -> Any:
    """A schema with the names that its classes had when they were the newest: older ones end in their version."""
    found: dict[str, Any] = json.loads(re.sub(r"V\d+(?=\")", "", json.dumps(schema)))
    name = found["$ref"].rpartition("/")[2]
    return {"body": found["$defs"][name], "parts": {key: part for key, part in found["$defs"].items() if key != name}}


def _as_json(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_words(item) for key, item in value.items() if key not in ("description", "title")}
    return [_without_words(item) for item in value] if isinstance(value, list) else value


def path_of(kind: str, schema_v: int) -> Path:
    """Where the corpus of a version is kept."""
    return OPS / f"{kind}.v{schema_v}.json"


def read(path: Path) -> Corpus:
    """A file of the corpus."""
    return msgspec.json.decode(path.read_bytes(), type=Corpus)


def write(corpus: Corpus) -> None:
    """Writes a file of the corpus."""
    text = msgspec.json.format(msgspec.json.encode(corpus), indent=1)
    path_of(corpus.kind, corpus.schema_v).write_bytes(text + b"\n")


def main(arguments: list[str]) -> None:
    """Writes what is missing; with `--effects`, what the stored operations lead to today."""
    from tests.golden.op_bodies import BODIES

    OPS.mkdir(exist_ok=True)
    for (kind, version), bodies in BODIES.items():
        path = path_of(kind, version)
        if not path.exists():
            ops = [stored(name, kind, version, body) for name, body in bodies.items()]
            write(Corpus(kind, version, schema_of(kind, version), ops))
            print(f"made {path.name}")
        elif "--effects" in arguments:
            kept = read(path)
            ops = [msgspec.structs.replace(op, became=became(kind, version, op.body)) for op in kept.ops]
            write(msgspec.structs.replace(kept, ops=ops))


if __name__ == "__main__":
    main(sys.argv[1:])
