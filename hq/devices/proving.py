"""What HQ's tables say of a tablet's numbers, read for the proof."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from guide_app.domain import clock
from guide_app.domain.errors import BadInput
from hq.database import statements
from hq.devices.models import Device
from hq.devices.proof import File, Seen, Span, Stretch, prove
from hq.joining.streams import incarnation_of_links
from hq.protocol import convert
from hq.protocol.models import Epoch
from hq.stores.models import Store

_FILES = (
    "SELECT s.incarnation::text, s.last_seq, coalesce(f.forked_from, ''), f.at FROM device_stream s"
    " LEFT JOIN stream_fork f ON f.incarnation = s.incarnation AND f.device_id = s.device_id"
    " WHERE s.store_id = %s AND s.device_id = %s ORDER BY s.incarnation"
)
_SEEN = (
    "SELECT o.incarnation::text, o.seq, l.made_at, l.received_at, l.kind,"
    " CASE WHEN c.op_id IS NULL THEN l.status ELSE 'parked' END,"
    " CASE WHEN c.op_id IS NULL THEN l.code ELSE 'op_id_conflict' END"
    " FROM op_seen o JOIN op_directory d USING (op_id) JOIN op_log l ON l.store_id = d.store_id AND l.op_id = d.op_id"
    " LEFT JOIN (SELECT DISTINCT op_id FROM op_conflict WHERE store_id = %s AND device_id = %s) c ON c.op_id = o.op_id"
    " WHERE o.store_id = %s AND o.device_id = %s ORDER BY o.incarnation, o.seq"
)
"""An operation is what it is known by in all of HQ, wherever it was run."""


class Proof(NamedTuple):
    """What HQ can say of a tablet and a day (None: of all time). `waits`: work of that time may wait on the tablet, by
    what it said last; `heard_at`: when it was here last; `restored_at`: when HQ was restored, if that was later."""

    device: Device
    store: Store
    day: date | None
    stretches: tuple[Stretch, ...]
    waits: bool
    heard_at: datetime | None
    restored_at: datetime | None

    @property
    def whole(self) -> bool:
        """Whether no number is missing of what the tablet was told that HQ has."""
        return not any(stretch.missing for stretch in self.stretches)


def of(device: Device, day: date | None = None) -> Proof:
    """The proof for a tablet, of a day of its shop or of all time."""
    store = Store.objects.get(id=device.store_id)
    span = None if day is None else span_of(day, store)
    heard = max(filter(None, (device.last_seen_at, device.told_at)), default=None)
    return Proof(device, store, day, prove(_files(device), span), _waits(device, span), heard, _restored(heard))


def span_of(day: date, store: Store) -> Span:
    """The day as it passes in the shop, which may have 23 or 25 hours."""
    zone = ZoneInfo(store.time_zone)
    begins = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return Span(*begins)


def today(device: Device, now: datetime) -> date:
    """The day that it is in the tablet's shop."""
    return now.astimezone(ZoneInfo(Store.objects.get(id=device.store_id).time_zone)).date()


def day_of(text: str) -> date:
    """A day as people write it; raises BadInput("day_invalid"), also for one in no shop's calendar."""
    day = convert.day(text)
    if not 2000 <= day.year < 9999:
        raise BadInput("day_invalid")
    return day


def _files(device: Device) -> list[File]:
    """The tablet's files, the oldest first: a copy is as old as its fork, another one as its operations."""
    whose = (device.store_id, device.id)
    seen = defaultdict[str, list[Seen]](list)
    for incarnation, seq, made_at, received_at, kind, status, code in statements.rows(_SEEN, (*whose, *whose)):
        seen[incarnation].append(Seen(seq, _bounded(made_at, received_at), kind, status, code))
    files = list[tuple[datetime, datetime, File]]()
    ours = {incarnation_of_links(str(device.id), epoch) for epoch in Epoch.objects.values_list("epoch", flat=True)}
    for incarnation, last_seq, forked_from, at in statements.rows(_FILES, whose):
        if incarnation in ours:  # HQ made these: no tablet numbered them
            continue
        own = seen[incarnation]
        first, last = (own[0].at, own[-1].at) if own else (device.enrolled_at, device.enrolled_at)
        files.append((at or first, last, File(incarnation, last_seq, forked_from, own)))
    return [file for _first, _last, file in sorted(files, key=lambda each: each[:2])]


def _bounded(made_at: str, received_at: datetime) -> datetime:
    """When it was made, as far as a tablet's clock can be believed."""
    try:
        return min(clock.from_text(made_at), received_at)
    except BadInput:
        return received_at


def _waits(device: Device, span: Span | None) -> bool:
    """Whether work that still waits on the tablet can be of the span: what waits is as old as the oldest, or newer."""
    oldest = device.oldest_waiting_at
    return device.waiting > 0 and (span is None or oldest is None or oldest < span.until)


def _restored(heard: datetime | None) -> datetime | None:
    epochs = list(Epoch.objects.order_by("-began_at")[:2])
    if len(epochs) < 2 or (heard is not None and heard >= epochs[0].began_at):
        return None
    return epochs[0].began_at
