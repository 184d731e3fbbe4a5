"""What must hold (section 9 of the contract), each as a function named by its number; each raises `Violation`.

1, 3, 6, 7 and 8 are checked after every step of the world, the others when all is quiet.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from guide_app.domain import elements, payments, returns, shares
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Ref, Return, encode
from guide_app.operations.cards import CANCELLED, EXCHANGE
from guide_app.operations.returns import RETURN
from local_store.tables import TABLES
from sync.protocol.digest import row_hash
from tests.simulation.hq_data import PLAN, LoggedOp, standing

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet
    from tests.simulation.world import World

_ALL = " UNION ALL ".join(
    [
        f"SELECT '{entity}' AS entity, id, scope, q, ver, d FROM {table.name} WHERE {table.only}"
        for entity, table in TABLES.items()
    ]
    + ["SELECT entity, id, scope, q, ver, d FROM other_row"]
)
_HQ_ROWS = (
    f"SELECT entity, id, scope, q, ver, d FROM ({_ALL}) AS r "
    "WHERE NOT EXISTS (SELECT 1 FROM shadow AS s WHERE s.entity = r.entity AND s.id = r.id) AND scope <> '' "
    "UNION ALL SELECT entity, id, scope, q, ver, d FROM shadow WHERE d IS NOT NULL AND scope <> ''"
)
_MAY_WAIT = {"order_unknown": ("order", "order_id"), "member_unknown": ("member", "member_id")}
"""What was said of an order or a member that went with a lost file waits for it for ever, and for nothing else."""
_ENTITIES = {
    "member.sign_up": "member", "order.place": "order", "order.exchange": "order",
    "talk.log": "talk", "followup.set": "followup",
    "quote.make": "quotation", "material.share": "share",
    "ticket.raise": "ticket", "ticket.step": "ticket", "promise.make": "promise", "promise.settle": "promise",
}  # fmt: skip
_BACK = ("order.return", "order.exchange", "order_copy.return")
"""Kinds by which goods come back."""
_SALES = ("order.place", "order.exchange")
_SCREEN = {
    kind: "shop_order" if entity == "order" else entity for kind, entity in _ENTITIES.items() if entity != "member"
}


_COME_BACK = "SELECT op_id FROM outbox WHERE state = 'rejected'"


class Violation(AssertionError):
    """An invariant is hurt: the number, and what was found."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"{number}: {what}")
        self.number = number


def always(world: World, tablet: Tablet) -> None:
    """What holds at every moment, seen from the tablet that something just happened to."""
    invariant_1(world)
    invariant_3(world, tablet)
    for each in world.tablets:  # whoever else went on meanwhile: a scope may be withdrawn and granted anew
        cursors_6(each)
    invariant_6(world, tablet)
    invariant_7(world, tablet)
    invariant_8(world, tablet)
    retry_after(world, tablet)
    invariant_10(tablet)


def at_rest(world: World) -> None:
    """What holds once all is quiet."""
    for tablet in world.tablets:
        always(world, tablet)
    arrived_1(world)
    for tablet in world.tablets:
        invariant_4(world, tablet)
        outcomes_2(world, tablet)
        screens_8(world, tablet)
    invariant_2(world)
    elements_2(world)
    showings_2(world)
    steps_2(world)
    invariant_5(world)
    leases_5(world)
    cards_5(world)
    payments_5(world)
    returns_5(world)
    copies_5(world)
    shares_5(world)
    quotations_5(world)
    rewards_5(world)
    points_5(world)
    erased_10(world)
    mended_4(world)


def invariant_1(world: World) -> None:
    """Every op whose COMMIT returned is in HQ's op_log or in a living tablet's outbox."""
    kept = set(world.hq.data.log())
    for tablet in world.tablets:
        kept |= {op_id for (op_id,) in tablet.query("SELECT op_id FROM outbox")}
    lost = [op_id for op_id in world.promised if op_id not in kept]
    if lost:
        raise Violation(1, f"{len(lost)} lost: {[world.promised[op_id] for op_id in lost[:3]]}")


def arrived_1(world: World) -> None:
    """Once all is quiet every op is in HQ's op_log, and none waits there for what people have mended."""
    log = world.hq.data.log()
    if missing := [what for op_id, what in world.promised.items() if op_id not in log]:
        raise Violation(1, f"{len(missing)} never came to HQ: {missing[:3]}")
    stuck = [op for op in log.values() if op.status == "parked" and not _waits_for_the_lost(world, op)]
    if stuck:
        raise Violation(9, f"{len(stuck)} wait at HQ though all is mended: {stuck[0].kind} {stuck[0].code}")


def _waits_for_the_lost(world: World, op: LoggedOp) -> bool:
    """Whether what it is about is nowhere at HQ, under no id that it ever had."""
    entity, field = _MAY_WAIT.get(op.code, ("", ""))
    body = json.loads(op.body or b"{}")
    if op.code == "return_unknown":
        return not any(body["return_id"] == one for one in _returns(world))
    if op.code == "payment_unknown":
        return not _legs_of(body) & _legs(world)
    about = body.get("back", body).get(field, "")
    known = (entity, f"{entity}_alias") if entity == "member" else (entity,)
    return bool(entity) and not any(
        about in world.hq.data.records(store.store_id, one) for store in world.hq.stores for one in known
    )


def _legs_of(body: dict[str, Any]) -> set[str]:
    """The payments that an operation takes back."""
    told = body.get("back", body)
    return {leg["of"] for leg in told.get("legs", [told]) if "of" in leg}


def _legs(world: World) -> set[str]:
    """Every payment that any order has."""
    found = [row.record for store in world.hq.stores for row in world.hq.data.records(store.store_id, "order").values()]
    return {leg.id for order in found for leg in getattr(order, "payments", ())}


def _returns(world: World) -> set[str]:
    """Every return that any order has."""
    found = [row.record for store in world.hq.stores for row in world.hq.data.records(store.store_id, "order").values()]
    return {one.return_id for order in found for one in getattr(order, "returns", ())}


def outcomes_2(world: World, tablet: Tablet) -> None:
    """An op has one outcome for ever: what the tablet was told is what HQ has.

    A copy of a file may keep what an HQ said that was restored since, where the other copy told the op again.
    """
    if tablet.copied and world.hq.epoch != "e1":
        return
    log = world.hq.data.log()
    for op_id, kind, state in tablet.query("SELECT op_id, kind, state FROM outbox"):
        if log[op_id].status != state:
            raise Violation(2, f"{tablet.name}: {kind} is {state} here, {log[op_id].status} at HQ")


def invariant_2(world: World) -> None:
    """One effect per op_id: stock and members' figures are what the orders that stand make of them."""
    data = world.hq.data
    _figures(world)
    for store in world.hq.stores:
        sold = standing(data, store.store_id, [one.store_id for one in world.hq.stores])
        for product, row in data.records(store.store_id, "stock").items():
            there, expected = getattr(row.record, "on_hand", None), world.hq.stock[store.store_id, product]
            if there != expected - sold[product]:
                raise Violation(2, f"{there} pieces, not {expected} - {sold[product]}")
        for entity, field in (("order", "number"), ("member", "member_no"), ("member", "phone")):
            values = Counter(getattr(row.record, field) for row in data.records(store.store_id, entity).values())
            if double := [value for value, count in values.items() if value and count > 1]:
                raise Violation(2, f"{entity} {field} twice: {double[:3]}")


def showings_2(world: World) -> None:
    """Each showing of a masked phone that HQ took is kept once, and no other."""
    data = world.hq.data
    told = {op_id for op_id, op in data.log().items() if op.kind == "member.reveal" and op.status == "applied"}
    kept = {
        row_id for store in world.hq.stores for row_id, row in data.records(store.store_id, "showing").items()
        if not getattr(row.record, "operator", "")
    }  # fmt: skip
    if told != kept:
        raise Violation(2, f"showings: {len(told - kept)} not kept, {len(kept - told)} that nobody told")


def elements_2(world: World) -> None:
    """Nothing that a guide added to a list of a member's is lost: it is there, or waits in a conflict, or somebody who
    saw it took it away."""
    data, stores = world.hq.data, [store.store_id for store in world.hq.stores]
    edits = [json.loads(op.body) for op in data.log().values()
             if op.kind == "member.edit" and op.status == "applied" and op.body]  # fmt: skip
    members: dict[str, Any] = {}
    led: dict[str, str] = {}
    for store in stores:
        members |= {row_id: row.record for row_id, row in data.records(store, "member").items()}
        led |= {
            row_id: getattr(row.record, "member_id", "") for row_id, row in data.records(store, "member_alias").items()
        }
    changes = [(edit["member_id"], name, _elements(name, told.get("old")), _elements(name, told.get("new")))
               for edit in edits for name, told in edit["set"].items() if name in elements.FIELDS]  # fmt: skip
    taken = {(name, *one) for _, name, old, new in changes for one in old - new}
    for member_id, name, old, new in changes:
        whose = member_id
        while whose in led:
            whose = led[whose]
        if whose not in members or (name == "sizes" and whose in led.values()):
            continue  # erased; or merged with another, whose size stays
        member = json.loads(encode(members[whose]))
        kept = _elements(name, member.get(name)).union(
            *(_elements(name, one["theirs"]) for one in member.get("conflicts", ()) if one["field"] == name)
        )
        if lost := [one for one in new - old - kept if (name, *one) not in taken]:
            raise Violation(2, f"{name} {lost} that a guide added is nowhere")


def _elements(name: str, value: Any) -> set[tuple[str, ...]]:
    """The elements of a list, as JSON has it, in a form that can be compared."""
    if name == "sizes":
        return set((value or {}).items())
    key = {"wishes": "product_id", "dates": "id", "household": "id"}.get(name, "")
    return {(one[key] if key else one,) for one in value or ()}


def steps_2(world: World) -> None:
    """No step of a ticket or a promise is lost: the row that it is about, wherever that is, has it in its history."""
    data, kept = world.hq.data, dict[str, set[str]]()
    for store in world.hq.stores:
        for entity in ("ticket", "promise"):
            for row_id, row in data.records(store.store_id, entity).items():
                history: Any = getattr(row.record, "history", ())
                kept.setdefault(row_id, set()).update(step.op_id for step in history)
    for op_id, op in data.log().items():
        if op.kind.partition(".")[0] in ("ticket", "promise") and op.status == "applied" and op.body:
            body = json.loads(op.body)
            if op_id not in kept.get(body.get("ticket_id") or body["promise_id"], ()):
                raise Violation(2, f"a {op.kind} ({body.get('what', 'beginning')}) is in no history")


def _figures(world: World) -> None:
    """What members bought, in whatever store of the chain."""
    data, stores = world.hq.data, [store.store_id for store in world.hq.stores]

    def everywhere(entity: str) -> list[tuple[str, Any]]:
        return [(row_id, row.record) for store in stores for row_id, row in data.records(store, entity).items()]

    aliases = {vanished: alias.member_id for vanished, alias in everywhere("member_alias")}
    bought: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for _, order in everywhere("order"):
        if order.member_id and order.state != "cancelled":  # what is due yet of one that came back is still spent
            whose = order.member_id
            while whose in aliases:
                whose = aliases[whose]
            bought[whose] += returns.held(order)
            count[whose] += order.state != "returned"
    for member_id, member in everywhere("member"):
        told, expected = (member.spent, member.order_count), (bought[member_id], count[member_id])
        if told != expected:
            raise Violation(2, f"a member spent {told[0]} in {told[1]} orders, not {expected}")
        days = (sum(one.spent for one in member.counted), sum(one.orders for one in member.counted))
        if days != expected:  # what levels follow from
            raise Violation(2, f"a member's days come to {days}, not to {expected}")


def invariant_3(world: World, tablet: Tablet) -> None:
    """The seqs of an incarnation are contiguous and in order, on the tablet and at HQ."""
    seqs = [seq for (seq,) in tablet.query("SELECT seq FROM outbox ORDER BY n")]
    following = int(tablet.meta("next_seq") or 0)
    if seqs and seqs != list(range(following - len(seqs), following)):
        raise Violation(3, f"{tablet.name}: {seqs} before {following}")
    for last, came in world.hq.data.numbers().values():
        if list(came) != list(range(1, last + 1)):
            raise Violation(3, f"HQ has {came} of {last}")


def invariant_4(world: World, tablet: Tablet) -> None:
    """When all is quiet a tablet's rows are HQ's rows of its scopes, field by field, and the digests agree.

    Of a row that HQ has from before it was restored the place may be that in the history that was lost (seed 17158): it
    was told anew there as it was, and nothing is asked from before the new epoch again.
    """
    theirs: dict[tuple[str, str, str], tuple[int, int, Any]] = {}
    began = {granted.key.scope: world.hq.began(granted.key) for granted in world.hq.session(tablet.device).granted}
    for granted in world.hq.session(tablet.device).granted:
        sums, digest = 0, tablet.query("SELECT digest FROM scope WHERE scope = ?", granted.key.scope)
        for ref, row in world.hq.data.feed(granted.key).items():
            if row.kind == "put":
                place = max(row.seq, began[granted.key.scope])
                theirs[granted.key.scope, ref.entity, ref.id] = (place, row.ver, json.loads(row.data or "null"))
                sums += row_hash(ref.entity, ref.id, row.ver)
        if digest and digest[0][0] not in ("", f"{sums & 2**64 - 1:016x}"):
            raise Violation(4, f"{tablet.name}: the digest of {granted.grant.kind} is another")
    ours = {(s, e, i): (max(q, began.get(s, 0)), v, json.loads(d)) for e, i, s, q, v, d in tablet.query(_HQ_ROWS)}
    if ours != theirs:
        differ = sorted(key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key))
        first = differ[0]
        raise Violation(
            4, f"{tablet.name}: {len(differ)} rows differ: {first[1]} {ours.get(first)} / {theirs.get(first)}"
        )
    over = tablet.query(
        "SELECT o.kind, o.state FROM outbox AS o WHERE o.listed = 1 AND o.state NOT IN ('parked') ORDER BY o.seq"
    )
    if over:
        raise Violation(4, f"{tablet.name}: {over[0]} still lies over HQ's rows")


def mended_4(world: World) -> None:
    """Few rows that are not HQ's are mended one by one (`verify`): no tablet fetches a whole scope again for them."""
    for tablet in world.tablets:
        if again := int(tablet.meta("refetched") or 0):
            raise Violation(4, f"{tablet.name} fetched {again} scopes again for the sake of few rows")


def invariant_5(world: World) -> None:
    """Money: lines = order; the totals agree on tablet, op_log and orders."""
    data = world.hq.data
    booked: dict[str, int] = {}
    for op in data.log().values():
        if op.kind in _SALES and op.status == "applied" and op.body:
            body = json.loads(op.body)
            booked[body["order_id"]] = body["totals"]["total"]
    for store in world.hq.stores:
        found = data.records(store.store_id, "order")
        orders = [row.record for row in found.values()]
        for order_id, row in found.items():
            placed: Any = row.record
            if placed.totals.total != booked.get(order_id, placed.totals.total):  # the log of who was erased is empty
                raise Violation(5, f"an order comes to {placed.totals.total}, in the log to {booked[order_id]}")
            if placed.totals.total != sum(line.amount for line in placed.lines):
                raise Violation(5, "an order is not its lines")
        here = sum(order.totals.total for order in orders)  # type: ignore[attr-defined]  # records of orders
        for tablet in world.tablets:
            if tablet.device.store == store and not tablet.query("SELECT 1 FROM outbox WHERE state = 'parked'"):
                (shown,) = tablet.query("SELECT coalesce(sum(total), 0) FROM shop_order")[0]
                if shown != here:
                    raise Violation(5, f"{tablet.name} shows {shown}, HQ has {here}")


def invariant_10(tablet: Tablet) -> None:
    """An erased person never comes back to a tablet that heard of it."""
    if tablet.query("SELECT 1 FROM member WHERE id IN (SELECT id FROM erased WHERE entity = 'member')"):
        raise Violation(10, f"{tablet.name}: somebody who was erased is here again")


def erased_10(world: World) -> None:
    """Once all is quiet nothing of an erased person is anywhere: no row, no body of an operation."""
    erased = world.hq.erased
    for store in world.hq.stores:
        for entity in ("member", "visitor"):
            if erased & set(world.hq.data.records(store.store_id, entity)):
                raise Violation(10, f"HQ has a {entity} again who was erased")
    for tablet in world.tablets:
        there = {row_id for (row_id,) in tablet.query("SELECT id FROM member UNION SELECT id FROM other_row")}
        written = "SELECT body FROM outbox WHERE kind NOT IN ('order.place', 'order.exchange')"
        bodies = " ".join(str(body) for (body,) in tablet.query(written))
        if erased & there or any(one in bodies for one in erased):
            raise Violation(10, f"{tablet.name} still has somebody who was erased")


def leases_5(world: World) -> None:
    """An instrument's value is free or in one lease: never more held than there is; spent is what orders spend."""
    data = world.hq.data
    spent: Counter[str] = Counter()
    leases: dict[str, Any] = {}
    for store in world.hq.stores:
        leases |= {lease_id: row.record for lease_id, row in data.records(store.store_id, "lease").items()}
        for row in data.records(store.store_id, "order").values():
            order: Any = row.record
            if order.state != "cancelled":
                spent.update({spend.lease_id: spend.amount for spend in returns.spent(order)})
            spent.update(payments.from_leases(order))
    for lease_id, lease in leases.items():
        if lease.spent != spent[lease_id]:
            raise Violation(5, f"a lease says {lease.spent} spent, the orders {spent[lease_id]}")
    for store in world.hq.stores:
        for instrument, row in data.records(store.store_id, "instrument").items():
            value: Any = row.record
            held = sum(one.held for one in leases.values() if one.instrument and one.instrument.id == instrument)
            if held != value.held or held > value.balance:
                raise Violation(5, f"leases hold {held} of {value.balance}, the instrument says {value.held}")


def cards_5(world: World) -> None:
    """Gift cards: each has its value by one order that sold it, and its ledger comes to
    what is on it."""
    data, entries, left = world.hq.data, Counter[str](), Counter[str]()
    orders: dict[str, Any] = {}
    for store in world.hq.stores:
        orders |= {order_id: row.record for order_id, row in data.records(store.store_id, "order").items()}
        for row in data.records(store.store_id, "card_entry").values():
            entry: Any = row.record
            entries[entry.card_id] += entry.amount
        for card_id, row in data.records(store.store_id, "instrument").items():
            value: Any = row.record
            if value.card is None:
                continue
            left[card_id] += value.balance - value.owed
            sold = orders_with(orders, value.card.number)
            if value.card.active and value.card.sold_by not in sold:
                raise Violation(5, "a card has its value without an order that sold it")
    for order in orders.values():
        for leg in order.payments:
            if leg.card is not None:
                left[leg.card.id] += leg.amount if leg.kind == "refunded" else -leg.amount
    numbered = {derived_id("card", number) for number in world.hq.cards}
    if wrong := {card_id for card_id in numbered if entries[card_id] != left[card_id]}:
        raise Violation(5, f"the ledger of {len(wrong)} cards comes to something else than what is on them")


def orders_with(orders: dict[str, Any], number: str) -> set[str]:
    """The orders with which this card went over the counter."""
    return {order_id for order_id, order in orders.items() if any(one.number == number for one in order.cards)}


def _derived(leg: Any) -> bool:
    """Whether no operation names it: the credit of an exchange, and what undoes a payment."""
    undone = (leg.reason == RETURN and leg.kind == "paid") or (leg.reason == CANCELLED and leg.card is not None)
    return bool(leg.method == EXCHANGE or undone)


def _on_card(body: dict[str, Any]) -> bool:
    """Whether money goes back on a card by this leg: HQ books no more of it than was paid from there."""
    return body["method"] == payments.GIFT_CARD and "of" in body


def _lost(order: Any) -> bool:
    """Whether more could go out than was there: in cash or by a provider, or for pieces that were not there."""
    ways = {leg.method for leg in order.payments if leg.kind == "refunded" and leg.card is None}
    return bool(ways - {EXCHANGE}) or any(one.risk for one in order.returns)


def _given_for(order: Any) -> int:
    """What goods were given for, beyond what its cards paid: the tablet tells it once they have left."""
    return sum(
        leg.amount for leg in order.payments if leg.kind == "refunded" and leg.method == EXCHANGE and leg.card is None
    )  # fmt: skip


def payments_5(world: World) -> None:
    """Money of orders: each leg that HQ took stands once in its order, and no other does; what is paid comes to the
    lines, what is too much is to be refunded."""
    data = world.hq.data
    told: dict[str, tuple[str, int]] = {}
    bounded: dict[str, int] = {}
    for op in data.log().values():
        if op.kind in ("order.pay", "order.pay_back") and op.status == "applied" and op.body:
            body = json.loads(op.body)
            if _on_card({"method": "", **body}):
                bounded[body["leg_id"]] = -body["amount"]
                continue
            for leg in body.get("legs") or [{**body, "amount": -body["amount"]}]:
                told[leg["leg_id"]] = (body["order_id"], leg["amount"])
        elif op.kind in _BACK and op.status == "applied" and op.body:
            back = json.loads(op.body).get("back") or json.loads(op.body)
            legs = back.get("legs", ())
            bounded |= {leg["leg_id"]: -leg["amount"] for leg in legs if _on_card(leg)}
            told |= {leg["leg_id"]: (back["order_id"], -leg["amount"]) for leg in legs if not _on_card(leg)}
    kept: dict[str, tuple[str, int]] = {}
    for store in world.hq.stores:
        for order_id, row in data.records(store.store_id, "order").items():
            order: Any = row.record
            booked = {leg.id: (order_id, leg.amount if leg.kind == "paid" else -leg.amount) for leg in order.payments}
            if len(booked) < len(order.payments):
                raise Violation(5, "a payment stands twice")
            if any(booked[leg][1] < least for leg, least in bounded.items() if leg in booked):
                raise Violation(5, "more went back on a card than was told")
            if any(left < 0 for left in payments.from_leases(order).values()):
                raise Violation(5, "more went back on a card than was paid from it")
            on_cards = any(leg.kind == "refunded" and leg.card for leg in order.payments)
            kept_back = payments.received(order) + _given_for(order)
            if order.state == "cancelled" and on_cards and kept_back < 0 and not _lost(order):
                raise Violation(5, "more went back on a card than the cancelled order had")
            named = [leg.id for leg in order.payments if not _derived(leg) and leg.id not in bounded]
            kept |= {leg_id: booked[leg_id] for leg_id in named}
            if order.state == "paid":
                due = payments.due(order)
                if payments.received(order) - payments.to_refund(order) != due:
                    raise Violation(5, f"an order of {due} is paid with {payments.received(order)}")
            if order.state in payments.WAITING and not payments.owed(order):
                raise Violation(5, "an order waits for payment and owes nothing")
    for store in world.hq.stores:
        for payment_id, found in data.records(store.store_id, "payment_request").items():
            request: Any = found.record
            trade = world.hq.pay.trades.find(payment_id)
            if trade is not None and (trade.state == "paid") != (request.state == "paid"):
                raise Violation(5, f"a payment is {trade.state} at the provider, {request.state} at HQ")
            if request.state == "paid":
                told[payment_id] = (request.order_id, request.amount)
            told.update({
                refund.id: (request.order_id, -refund.amount) for refund in request.refunds if refund.state == "done"
            })  # fmt: skip
            if request.state in ("asked", "waiting"):
                raise Violation(5, "a payment is open though its time is long over")
    if lost := told.items() - kept.items():
        raise Violation(5, f"{len(lost)} payments are in no order")
    if not world.hq.erased and (more := kept.items() - told.items()):
        raise Violation(5, f"{len(more)} payments that nobody took")


def orders_at_home(world: World) -> dict[str, tuple[str, Any]]:
    """Order → the store that sold it, and the order as it stands there."""
    return {
        row_id: (store.store_id, row.record)
        for store in world.hq.stores
        for row_id, row in world.hq.data.records(store.store_id, "order").items()
    }


def copies_5(world: World) -> None:
    """A copy of another shop's order is that order, and names nobody; what is taken back elsewhere came from there."""
    data = world.hq.data
    homes = orders_at_home(world)
    for store in world.hq.stores:
        for order_id, row in data.records(store.store_id, "order_copy").items():
            copy: Any = row.record
            home_id, home = homes[order_id]
            if copy.member_id or copy.note or copy.cancel_reason or copy.fulfilment.to or copy.fulfilment.note:
                raise Violation(10, "a copy of an order tells of somebody")
            if (copy.home_store_id, copy.store_id) != (home_id, store.store_id):
                raise Violation(5, "a copy of an order stands in the wrong shop")
            if returns.returned(copy) != returns.returned(home) or copy.payments != home.payments:
                raise Violation(5, f"a copy has {copy.returns}, its home {home.returns}")
            if copy.state != home.state or copy.totals != home.totals:
                raise Violation(5, f"a copy is {copy.state}, its home {home.state}")


def returns_5(world: World) -> None:
    """No piece comes back twice and no cent is given twice unless it is booked as risk; each return that HQ took stands
    in its order, with all the pieces that were told of."""
    data, kept = world.hq.data, dict[str, int]()
    for store in world.hq.stores:
        for row in data.records(store.store_id, "order").values():
            order: Any = row.record
            sold = {line.line_id: line for line in order.lines}
            if over := [n for line_id, n in returns.returned(order).items() if n > sold[line_id].qty]:
                raise Violation(5, f"{over[0]} pieces of a line came back that had fewer")
            given = sum(one.refund.money - one.risk for one in returns.standing(order))
            if not 0 <= given <= order.totals.total:
                raise Violation(5, f"{given} were given back of {order.totals.total}")
            lacks = 0
            for one in order.returns:
                kept[one.return_id] = sum(line.qty + line.beyond for line in one.lines)
                worth = sum(line.qty * sold[line.line_id].unit_price for line in one.lines)
                if not order.totals.discounts:
                    lacks = _lacks(one, worth, lacks)
    for op in data.log().values():
        if op.kind in _BACK and op.status == "applied" and op.body:
            body = json.loads(op.body)
            back = body.get("back", body)
            if kept.get(back["return_id"]) != sum(line["qty"] for line in back["lines"]):
                raise Violation(5, f"a return is not in its order: {kept.get(back['return_id'])}")


def _lacks(one: Return, worth: int, before: int) -> int:
    """What the customer has to get yet after this return: what HQ found due beyond what was promised, for pieces that
    had come back, as the shop knew, by returns that HQ heard of later. It is booked as what the promise differs, and
    the next return may give it."""
    given = one.refund.money - one.risk
    if given in (worth, worth + before):
        return worth + before - given
    if one.risk or given > worth + before or one.variance not in (given - worth, given - worth - before):
        raise Violation(5, f"{one.refund.money} given for {worth}, {one.risk} of it as risk, {before} due before")
    return -one.variance


def shares_5(world: World) -> None:
    """Whose a sale is: the shares of a line are the whole line, what the guides sold is the order; each correction
    that HQ took stands once in its order, and of each line the last one says whose it is."""
    data = world.hq.data
    told = {op_id for op_id, op in data.log().items() if op.kind == "order.reshare" and op.status == "applied"}
    kept = Counter[str]()
    for store in world.hq.stores:
        for row in data.records(store.store_id, "order").values():
            order: Any = row.record
            now = {line.line_id: shares.of_line(line, order.guide_id) for line in order.lines}
            if not all(shares.whole(parts) for parts in now.values()):
                raise Violation(5, "the shares of a line are not the whole line")
            if sum(shares.by_guide(order).values()) != order.totals.total:
                raise Violation(5, "what the guides sold of an order is not the order")
            last = {before.line_id: one.shares for one in order.reshares for before in one.before}
            if wrong := [line_id for line_id, parts in last.items() if now[line_id] != parts]:
                raise Violation(5, f"{len(wrong)} lines are not whose the last correction says")
            kept.update(one.op_id for one in order.reshares)
    if kept != Counter(told):
        raise Violation(5, f"{len(told)} corrections of whose a sale is were taken, {kept.total()} are kept")


def quotations_5(world: World) -> None:
    """A quotation never becomes two orders: of those that stand and say they came of it there is one at most, and the
    quotation names that one. What HQ took of an order that was not the first is told, and the order stands alone."""
    data = world.hq.data
    for store in world.hq.stores:
        came = Counter[str]()
        quotations: dict[str, Any] = {
            row_id: row.record for row_id, row in data.records(store.store_id, "quotation").items()
        }
        for order_id, row in data.records(store.store_id, "order").items():
            order: Any = row.record
            if not order.quotation_id or order.state == "cancelled":
                continue
            came[order.quotation_id] += 1
            if order.quotation_id in quotations and quotations[order.quotation_id].order_id != order_id:
                raise Violation(5, "an order came of a quotation that is another's")
        if twice := [one for one, times in came.items() if times > 1]:
            raise Violation(5, f"{len(twice)} quotations became two orders")
        if lone := [one for one, quoted in quotations.items() if quoted.order_id and not came[one]]:
            raise Violation(5, f"{len(lone)} quotations are said to be orders that do not stand")


def rewards_5(world: World) -> None:
    """Who came and who brought them have their points both or neither, once: exactly those of the referrals that are
    paid, one for each member who bought something. Of pairs with somebody erased one side is gone."""
    data, erased = world.hq.data, world.hq.erased
    due, there = Counter[str](), Counter[str]()
    for store in world.hq.stores:
        members = data.records(store.store_id, "member")
        for newcomer, row in data.records(store.store_id, "referral").items():
            referral: Any = row.record
            member: Any = members[newcomer].record if newcomer in members else None
            if member is None or (member.order_count == 0 and referral.paid):
                raise Violation(5, f"points are given for somebody who bought nothing: {newcomer}")
            if referral.paid:
                due.update({newcomer: referral.points, referral.referrer_id: referral.points})
        for row in data.records(store.store_id, "points_earned").values():
            due[getattr(row.record, "member_id", "")] += getattr(row.record, "earned", 0)
        for row in data.records(store.store_id, "instrument").values():
            value: Any = row.record
            if value.kind == "points":
                there[value.owner_id] += value.balance - value.owed
    for whose in {*due, *there} - erased:
        if there[whose] < due[whose] or (not erased and there[whose] != due[whose]):
            raise Violation(5, f"{whose} has {there[whose]} points, and {due[whose]} are due")


def points_5(world: World) -> None:
    """An order has earned by what it comes to, nothing once it is cancelled; each account is the sum of its ledger."""
    data = world.hq.data
    for store in world.hq.stores:
        orders, told = data.records(store.store_id, "order"), Counter[str]()
        for order_id, row in data.records(store.store_id, "points_earned").items():
            kept: Any = row.record
            order: Any = orders[order_id].record
            if kept.earned != payments.due(order) // PLAN.earnings[0].amount:
                raise Violation(5, f"an order that comes to {payments.due(order)} earned {kept.earned} points")
        for row in data.records(store.store_id, "points_entry").values():
            entry: Any = row.record
            told[entry.instrument_id] += entry.points
        for account, row in data.records(store.store_id, "instrument").items():
            value: Any = row.record
            if value.kind == "points" and told[account] != value.balance - value.owed:
                raise Violation(5, f"an account has {value.balance} - {value.owed}, its ledger {told[account]}")


def cursors_6(tablet: Tablet) -> None:
    """Cursors only grow within an epoch, as far as it goes on: a scope may be withdrawn and granted anew."""
    tablet.watch_cursors()
    if tablet.went_back:
        raise Violation(6, f"{tablet.name}: a cursor went back: {tablet.went_back}")


def invariant_6(world: World, tablet: Tablet) -> None:
    """A scope's rows arrive without a gap. Places from before HQ was restored are not told apart, as in `invariant_4`
    (seeds 31597, 37133), also while the tablet has fetched nothing of a scope since (seed 85740)."""
    epoch, cursors = tablet.meta("epoch"), tablet.query("SELECT scope, seq FROM scope")
    if epoch != world.hq.epoch or tablet.damaged:
        return
    at = {row[0]: row[1] for row in cursors}
    here = {(s, e, i): (q, v) for e, i, s, q, v, _ in tablet.query(_HQ_ROWS)}
    for granted in world.hq.session(tablet.device).granted:
        scope = granted.key.scope
        for ref, row in world.hq.data.feed(granted.key).items():
            if row.kind == "put" and row.seq <= at.get(scope, 0):
                found = here.get((scope, ref.entity, ref.id))
                began = world.hq.began(granted.key)
                if found is None or (max(found[0], began), found[1]) != (max(row.seq, began), row.ver):
                    raise Violation(6, f"{tablet.name}: {ref.entity} at {row.seq} passed by at {at[scope]}: {found}")


def retry_after(world: World, tablet: Tablet) -> None:
    """Section 6: who was told when to come again does not come before."""
    if tablet.line.hurried:
        raise Violation(0, f"{tablet.name} asked before the time that HQ had named")


def invariant_7(world: World, tablet: Tablet) -> None:
    """No row outside a tablet's grants stays on it."""
    strange = tablet.query(f"SELECT entity, scope FROM ({_HQ_ROWS}) WHERE scope NOT IN (SELECT scope FROM scope)")
    if strange:
        raise Violation(7, f"{tablet.name}: {strange[0]} and {len(strange) - 1} others are of no granted scope")


def invariant_8(world: World, tablet: Tablet) -> None:
    """A guide's work never vanishes from the screen unless it is in the attention list (or left, erased, trimmed)."""
    if tablet.damaged:
        return
    back = {op_id for (op_id,) in tablet.query(_COME_BACK)}
    there: dict[str, set[str]] = {
        table: {row_id for (row_id,) in tablet.query(f"SELECT id FROM {table}")}
        for table in (*_SCREEN.values(), "member", "member_alias")
    }
    left, erased = world.hq.departed(), world.hq.erased
    for made in tablet.made:
        if made.op_id in back or made.member_id in erased or Ref(_ENTITIES.get(made.kind, ""), made.id) in left:
            continue
        if made.kind == "member.sign_up":
            shown = made.id in there["member"] or made.id in there["member_alias"]
        else:
            shown = made.kind not in _SCREEN or made.id in there[_SCREEN[made.kind]]
        if not shown:
            state = tablet.query("SELECT state, code, listed FROM outbox WHERE op_id = ?", made.op_id)
            raise Violation(8, f"{tablet.name}: {made.kind} is not on the screen: {state}")


def screens_8(world: World, tablet: Tablet) -> None:
    """The same through the screens' own reads: orders, members and their timelines, the attention list."""
    attention = {row.key.partition(":")[2] for row in tablet.do(tablet.store.outbox.attention())}
    left, erased = world.hq.departed(), world.hq.erased
    for made in tablet.made:
        if made.op_id in attention or made.member_id in erased or Ref(_ENTITIES.get(made.kind, ""), made.id) in left:
            continue
        if made.kind in _SALES and tablet.do(tablet.store.orders.get(made.id)) is None:
            raise Violation(8, f"{tablet.name}: an order is not shown")
        if made.kind == "member.sign_up" and tablet.do(tablet.store.members.get(made.id)) is None:
            raise Violation(8, f"{tablet.name}: a member is not shown")
        if made.kind == "followup.set":
            line = tablet.do(tablet.store.members.timeline(made.member_id, limit=1000))
            if made.id not in {entry.id for entry in line}:
                raise Violation(8, f"{tablet.name}: a follow-up is not in its member's timeline")
