"""Members' wallets: what their instruments come to, published with the member whenever one of these changed.

An instrument and its leases note the version that was told (`told`): whatever changes them, by whichever way, is
found, and nothing is asked twice. Tablets never write a wallet.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum

from guide_app.domain.errors import Refused
from hq.leases.mapping import INSTRUMENT, WALLET
from hq.leases.models import Instrument, Lease
from hq.leases.values import summary
from hq.ledger.port import Transient
from hq.ledger.postgres import translated
from hq.members.models import Member, MemberAlias
from hq.protocol import saving
from hq.protocol.rows import refuse_erased

MOST = 500
"""Instruments that are looked at in one go; the rest in the next."""
_log = logging.getLogger(__name__)


def publish_changed() -> int:
    """Publishes the wallets whose instruments or leases changed; how many of these were looked at. Raises Transient."""
    with translated():
        changed = set(Instrument.objects.exclude(told=F("ver")).values_list("id", flat=True)[:MOST])
        leases = dict(Lease.objects.exclude(told=F("ver")).values_list("id", "instrument_id")[:MOST])
        changed |= {instrument for instrument in leases.values() if instrument}
        owners = dict(Instrument.objects.filter(id__in=changed).values_list("id", "owner_id"))
        for owner in sorted({owner for owner in owners.values() if owner}, key=str):
            _publish(str(owner))
        of_nobody = [instrument for instrument, owner in owners.items() if owner is None]
        Instrument.objects.filter(id__in=of_nobody).update(told=F("ver"))
        unnamed = [lease for lease, instrument in leases.items() if instrument not in owners or instrument in of_nobody]
        Lease.objects.filter(id__in=unnamed).update(told=F("ver"))
        return len(changed)


def publish_spent(store_id: str) -> None:
    """Publishes the wallets of whose leases this store's operations changed, so that the answer has them already. What
    cannot be published now the next `publish_changed` does."""
    try:
        with translated():
            changed = Lease.objects.filter(store_id=store_id).exclude(told=F("ver"))
            found = Instrument.objects.filter(id__in=changed.values("instrument_id"), owner_id__isnull=False)
            for owner in sorted({str(owner) for owner in found.values_list("owner_id", flat=True)[:MOST]}):
                _publish(owner)
    except Transient as problem:
        _log.info("wallets are published later: %s", problem)


def _publish(owner_id: str) -> None:
    """One owner's wallet, under the member who they are by now. A product owns promised stock, and has none."""
    member_id, ids = _person(owner_id)
    with transaction.atomic():
        found = list(Instrument.objects.select_for_update().filter(owner_id__in=ids).order_by("id"))
        home = Member.objects.select_for_update(of=("self",)).filter(id=member_id).values_list("store_id", flat=True)
        leases = Lease.objects.filter(instrument_id__in=[item.id for item in found])
        spent = dict(leases.values_list("instrument_id").annotate(Sum("spent")))
        if store_id := home.first():
            wallet = summary((str(item.id), INSTRUMENT.to_record(item), spent.get(item.id, 0)) for item in found)
            try:
                refuse_erased([member_id])
                saving.save(WALLET, str(store_id), {member_id: wallet})
            except Refused:
                _log.info("a wallet of somebody who is being erased is not published")
        leases.update(told=F("ver"))
        Instrument.objects.filter(id__in=[item.id for item in found]).update(told=F("ver"))


def _person(owner_id: str) -> tuple[str, Collection[str]]:
    """Who somebody is by now, and every id that they ever had."""
    now, met = owner_id, {owner_id}
    while (further := MemberAlias.objects.filter(id=now).values_list("member_id", flat=True).first()) is not None:
        if str(further) in met:
            break
        now = str(further)
        met.add(now)
    ids, ask = {now}, {UUID(now)}
    while ask:
        ask = set(MemberAlias.objects.filter(member_id__in=ask).values_list("id", flat=True)) - {*map(UUID, ids)}
        ids |= {str(one) for one in ask}
    return now, ids
