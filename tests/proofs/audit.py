"""Compares what tablets said was saved with HQ's tables and with the tablets' files. SQL and JSON, no product code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tests.proofs.house import House, Shop
from tests.proofs.rows import digest

WRONG = (
    "lost", "doubled", "without effect", "other content", "money", "stock", "holes in numbers", "parked", "diverged",
    "not drained",
)  # fmt: skip
_ID = {"member": "member_id", "order": "order_id", "talk": "talk_id", "followup": "followup_id"}
_SCOPES = (
    "SELECT scope FROM store WHERE id = %s UNION SELECT id FROM scope WHERE kind = 'chain'"
    " UNION SELECT r.scope FROM region r JOIN store s ON s.region_id = r.id WHERE s.id = %s"
)
_FEED = "SELECT scope, entity, entity_id::text, ver, data FROM feed WHERE op = 'put' AND scope = ANY(%s)"
_THERE = {
    "member.sign_up": "SELECT id::text FROM member WHERE store_id = %s"
    " UNION ALL SELECT id::text FROM member_alias WHERE store_id = %s",
    "order.place": "SELECT id::text FROM shop_order WHERE store_id = %s AND store_id = %s",
    "talk.log": "SELECT id::text FROM talk WHERE store_id = %s AND store_id = %s",
    "followup.set": "SELECT id::text FROM followup WHERE store_id = %s AND store_id = %s",
}
_ORDERS = (
    "SELECT o.id::text, o.total, sum(l.amount), o.state = 'cancelled' FROM shop_order o"
    " JOIN order_line l ON l.order_id = o.id WHERE o.store_id = %s GROUP BY o.id"
)
_SPENT = (
    "SELECT (SELECT coalesce(sum(spent), 0) FROM member WHERE store_id = %s),"
    " (SELECT coalesce(sum(total), 0) FROM shop_order"
    "  WHERE store_id = %s AND member_id IS NOT NULL AND state <> 'cancelled')"
)
_HOLES = (
    "SELECT count(*) FROM (SELECT d.last_seq, count(s.seq) AS n, min(s.seq) AS low, max(s.seq) AS high"
    " FROM device_stream d LEFT JOIN op_seen s USING (store_id, device_id, incarnation)"
    " WHERE d.store_id = %s GROUP BY d.device_id, d.incarnation, d.last_seq) AS streams"
    " WHERE n <> last_seq OR (n > 0 AND (low <> 1 OR high <> last_seq))"
)


def scopes_of(house: House, shop: Shop) -> list[str]:
    """The scopes whose rows every tablet of the shop holds."""
    return sorted(scope for (scope,) in house.sql(_SCOPES, shop.store_id, shop.store_id))


def audit(
    house: House,
    shop: Shop,
    saved: Sequence[Mapping[str, Any]],
    reports: Iterable[Mapping[str, Any]],
    drained: Iterable[Mapping[str, Any]],
    erased: Collection[str] = (),
) -> Counter[str]:
    """Violations by kind. `saved`, `reports`, `drained`: what the tablets of the shop answered;
    `erased`: ids of members of whom nothing may be there but what they bought. What HQ has without its body it knows by
    the op_id alone."""
    log = house.sql(
        "SELECT op_id::text, kind, convert_from(body, 'UTF8'), sha, status FROM op_log WHERE store_id = %s",
        shop.store_id,
    )
    reports = list(reports)
    found = _entries(saved, log, erased)
    found["without effect"] = _without_effect(house, shop, saved, erased)
    found["money"] = _money(house, shop, saved)
    found["stock"] = _stock(house, shop, saved)
    found["holes in numbers"] = int(house.sql(_HOLES, shop.store_id)[0][0])
    found["parked"] = sum(status == "parked" for *_, status in log)
    there = {op_id: sha if body else "" for op_id, _, body, sha, _ in log}
    own = [row for report in reports for row in report["outbox"]]
    found["lost"] += sum(op_id not in there for _, op_id, _, _ in own)
    found["other content"] = sum(there.get(op_id, sha) not in (sha, "") for _, op_id, sha, _ in own)
    rows = house.sql(_FEED, scopes_of(house, shop))
    feed = digest({(scope, entity, row_id): (ver, json.loads(data)) for scope, entity, row_id, ver, data in rows})
    found["diverged"] = sum(report["digest"] != feed for report in reports)
    found["not drained"] = sum(not one["in step"] or one["left"] > 0 for one in drained)
    return found


def _entries(saved: Sequence[Mapping[str, Any]], log: Sequence[Sequence[Any]], erased: Collection[str]) -> Counter[str]:
    """HQ's log against what was saved: each once, neither more nor fewer.

    What names an erased person has no body at HQ, and is counted by its kind.
    """
    bare = {one["id"] for one in saved if one["member"] in erased or one.get("mentions") in erased}
    made = Counter((one["kind"], "" if one["id"] in bare else one["id"]) for one in saved)
    bodies = [(kind, json.loads(body) if body else None) for _, kind, body, _, _ in log if kind]
    at_hq = Counter((kind, _id_at_hq(kind, body, bare)) for kind, body in bodies)
    return Counter({"lost": (made - at_hq).total(), "doubled": (at_hq - made).total()})


def _id_at_hq(kind: str, body: Mapping[str, Any] | None, bare: Collection[str]) -> str:
    """What the operation is about; "" for what names an erased person."""
    about = "" if body is None else str(body[_ID[kind.partition(".")[0]]])
    return "" if about in bare else about


def _without_effect(house: House, shop: Shop, saved: Sequence[Mapping[str, Any]], erased: Collection[str]) -> int:
    """What was saved and is not there, or there twice; of an erased person nothing is there but their orders."""
    wrong = 0
    for kind, query in _THERE.items():
        there = Counter(row_id for (row_id,) in house.sql(query, shop.store_id, shop.store_id))
        stays = [one for one in saved if kind == "order.place" or one["member"] not in erased]
        made = Counter(one["id"] for one in stays if one["kind"] == kind)
        wrong += (made - there).total() + (there - made).total()
    return wrong


def _money(house: House, shop: Shop, saved: Sequence[Mapping[str, Any]]) -> int:
    """Orders whose total is not that of the tablet or of their lines; members whose sums are not their orders'."""
    promised = {one["id"]: one["total"] for one in saved if one["kind"] == "order.place"}
    orders = house.sql(_ORDERS, shop.store_id)
    wrong = sum(total != lines or total != promised.get(order_id) for order_id, total, lines, _ in orders)
    ((spent, sold),) = house.sql(_SPENT, shop.store_id, shop.store_id)
    return int(wrong + (spent != sold))


def _stock(house: House, shop: Shop, saved: Sequence[Mapping[str, Any]]) -> int:
    """Pieces too many or too few."""
    cancelled = {order_id for order_id, _, _, gone in house.sql(_ORDERS, shop.store_id) if gone}
    sold: Counter[str] = Counter()
    for one in saved:
        if one["kind"] == "order.place" and one["id"] not in cancelled:
            for product, qty in one["pieces"]:
                sold[product] += qty
    rows = house.sql("SELECT product_id::text, on_hand FROM stock WHERE store_id = %s", shop.store_id)
    return sum(abs(shop.stock - on_hand - sold[product]) for product, on_hand in rows)
