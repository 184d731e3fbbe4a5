"""The proof in words of the active language: the same sentences on the console's page and on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hq.console.trade_words import said
from hq.devices.proof import Hole, Seen, Stretch
from hq.devices.proving import Proof


def sentences(proof: Proof) -> list[str]:
    """What HQ says, file by file, and then what the tablet itself said last."""
    return [*_of_files(proof), *_of_the_tablet(proof)]


def heading(proof: Proof) -> str:
    """Which tablet and what time it is about."""
    day = _("all days") if proof.day is None else date_format(proof.day, "DATE_FORMAT")
    return f"{proof.device} · {proof.store} · {day} ({proof.store.time_zone})"


def _of_files(proof: Proof) -> Iterator[str]:
    if not proof.stretches:
        yield _("No operation of this time came here.")
    for stretch in proof.stretches:
        if len(proof.stretches) > 1 or stretch.forked_from:
            yield _file(stretch)
        yield from _of_file(stretch)


def _file(stretch: Stretch) -> str:
    if stretch.forked_from:
        return _("File {file}, a copy of {source}:").format(
            file=stretch.incarnation[:8], source=stretch.forked_from[:8]
        )
    return _("File {file}:").format(file=stretch.incarnation[:8])


def _of_file(stretch: Stretch) -> Iterator[str]:
    span = numbers(Hole(stretch.first, stretch.last))
    if stretch.missing:
        named = ", ".join(map(numbers, stretch.missing))
        yield _("Of the operations {span} these are missing: {named}.").format(span=span, named=named)
    else:
        yield _("Operations {span} are all here.").format(span=span)
    if stretch.parked:
        named = ", ".join(map(_parked, stretch.parked))
        yield _("Of these HQ could not run yet: {named}.").format(named=named)


def _of_the_tablet(proof: Proof) -> Iterator[str]:
    device, zone = proof.device, ZoneInfo(proof.store.time_zone)
    if proof.heard_at is None:
        yield _("The tablet was never heard of.")
        return
    at = _moment(proof.heard_at, zone)
    if proof.restored_at is not None:
        yield _(
            "HQ was restored on {restored}, and the tablet was last heard of on {at}: what it sent between may be"
            " missing here until it comes again."
        ).format(restored=_moment(proof.restored_at, zone), at=at)
    elif not proof.waits:
        yield _("The tablet was last heard of on {at}; nothing of this time waited on it.").format(at=at)
    elif device.oldest_waiting_at is None:
        yield _("The tablet was last heard of on {at}; it says that {count} still wait on it.").format(
            at=at, count=device.waiting
        )
    else:
        yield _(
            "The tablet was last heard of on {at}; it says that {count} still wait on it, the oldest made on {oldest}."
        ).format(at=at, count=device.waiting, oldest=_moment(device.oldest_waiting_at, zone))


def _moment(value: datetime, zone: ZoneInfo) -> str:
    return date_format(value.astimezone(zone), "DATETIME_FORMAT")


def numbers(hole: Hole) -> str:
    """A run of numbers: ``17`` or ``1–148``."""
    return str(hole.first) if hole.first == hole.last else f"{hole.first}–{hole.last}"


def _parked(seen: Seen) -> str:
    kind = said("operation", seen.kind) if seen.kind else _("unreadable")
    return f"{seen.seq} {kind} ({said('code', seen.code)})"
