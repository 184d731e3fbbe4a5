"""Leases at HQ: what was spent stands, whatever was left; what comes back goes to the instrument."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from guide_app.domain import leases
from guide_app.domain.records import Lease, Record, Ref
from guide_app.operations import Context, Effect
from guide_app.operations.leases import Return
from guide_app.operations.orders import Cancel
from hq.handlers.base import Desk, Handler
from hq.leases.values import Value


class ReturnHandler(Handler[Return]):
    """Closes the lease; its rest is free for others at once. Only the tablet that has it knows what is left of it."""

    def amend(self, effect: Effect, body: Return, desk: Desk, context: Context) -> Effect:
        lease = desk.rows.row(Ref("lease", body.lease_id))
        if lease is not None and lease.scope != context.device_scope:
            return Effect({}, "lease_elsewhere")
        return settled(effect, desk)


class CancelHandler(Handler[Cancel]):
    """What the order had spent is the lease's again, or its instrument's where the lease is closed."""

    def amend(self, effect: Effect, body: Cancel, desk: Desk, context: Context) -> Effect:
        return settled(effect, desk)


def settled(effect: Effect, desk: Desk) -> Effect:
    """The effect, with the instruments of the leases that hold less than before."""
    freed = Counter[Ref]()
    for ref, record in effect.changes.items():
        before = desk.rows.get(ref, Lease) if isinstance(record, Lease) else None
        if before is not None and isinstance(record, Lease) and before.instrument and before.held != record.held:
            freed[Ref("instrument", before.instrument.id)] += before.held - record.held
    desk.fetch(freed)
    changes: dict[Ref, Record] = dict(effect.changes)
    for ref, amount in freed.items():
        if value := desk.rows.get(ref, Value):
            changes[ref] = msgspec.structs.replace(value, held=value.held - amount)
    return Effect(changes, effect.code)


def spent_again(effect: Effect, desk: Desk) -> Effect:
    """The effect of undoing what gave to leases: of those that were closed since, their instruments give it again where
    it is still there; what is spent otherwise by now is the chain's risk, code "overspent"."""
    before = {ref: lease for ref in effect.changes if ref.entity == "lease" and (lease := desk.rows.get(ref, Lease))}
    before = {ref: lease for ref, lease in before.items() if _spent(effect.changes[ref]) > lease.spent}
    sources = {ref: Ref("instrument", one.instrument.id) for ref, one in before.items() if one.instrument}
    desk.fetch(sources.values())
    free = {ref: value.free for ref in sources.values() if (value := desk.rows.get(ref, Value))}
    changes: dict[Ref, Record] = dict(effect.changes)
    beyond = False
    for ref, lease in sorted(before.items()):
        source = sources.get(ref, ref)
        again = leases.spend_again(lease, _spent(changes[ref]) - lease.spent, free.get(source, 0))
        free[source] = free.get(source, 0) - (again.held - lease.held)
        beyond = beyond or again.overspent > lease.overspent
        changes[ref] = again
    return settled(Effect(changes, effect.code or ("overspent" if beyond else "")), desk)


def spent_of_back(effect: Effect, back: Mapping[Ref, int], desk: Desk) -> Effect:
    """The effect of a sale for which goods came back just now, whose leases (`back`: how much each got) are on the desk
    as they are with that. What a closed one got went on to its instrument, and is fetched from there again as far as
    the sale spends of it."""
    changes: dict[Ref, Record] = dict(effect.changes)
    for ref, amount in back.items():
        lease, after = desk.rows.get(ref, Lease), changes.get(ref)
        if lease is None or not isinstance(after, Lease) or not lease.returned_at or lease.instrument is None:
            continue
        source = Ref("instrument", lease.instrument.id)
        desk.fetch([source])
        value, more = desk.rows.get(source, Value), after.spent - lease.spent
        again = leases.spend_again(lease, min(more, amount), value.free if value else 0)
        changes[ref] = leases.spend(again, more - min(more, amount))
    return settled(Effect(changes, effect.code), desk)


def _spent(record: Record) -> int:
    return record.spent if isinstance(record, Lease) else 0


def booked(changes: dict[Ref, Record], spends: Mapping[Ref, int], desk: Desk, context: Context) -> str:
    """Completes the changes by the leases that HQ does not know, as leases of nothing; the code of what was spent
    beyond the leases, which is the chain's risk: "lease_expired", "overspent" or "". `spends`: lease → how much."""
    codes = set()
    for ref, amount in spends.items():
        lease = desk.rows.get(ref, Lease)
        if lease is None:
            lease = Lease(amount=0, expires_at=context.now, returned_at=context.now)
            changes[ref] = leases.spend(lease, amount)
        after = changes[ref]
        if isinstance(after, Lease) and after.overspent > lease.overspent:
            codes.add("lease_expired" if context.now >= lease.expires_at else "overspent")
    return max(codes, default="")
