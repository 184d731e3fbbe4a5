"""The shop: this tablet, its people, HQ's settings and policies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import Clock, from_text
from guide_app.domain.records import MessageTemplate, Names, Policy, Settings, Staff
from guide_app.services.ports.care import TemplateRow
from guide_app.services.ports.shop import Barred, StaffRow, TabletInfo
from local_store.base import Base
from local_store.meta import Meta
from local_store.repositories.reading import others
from local_store.scopes import Scopes

_NEAREST = ("device", "store", "region", "chain")


class Shop:
    """Implements `guide_app.services.ports.shop.ShopReader` and `MessageReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def tablet(self) -> TabletInfo | None:
        return await self._base.read(lambda connection: _tablet(connection, self._base.clock))

    async def staff(self) -> Sequence[StaffRow]:
        def job(connection: sqlite.Connection) -> list[StaffRow]:
            found = [StaffRow(id=row_id, staff=person) for _, row_id, person in others(connection, Staff)]
            return sorted((row for row in found if row.staff.active), key=lambda row: (row.staff.staff_no, row.id))

        return await self._base.read(job)

    async def settings(self) -> Settings:
        return await self._base.read(settings)

    async def policies(self) -> Sequence[Policy]:
        def job(connection: sqlite.Connection) -> list[Policy]:
            current = [policy for _, _, policy in others(connection, Policy) if policy.current]
            return sorted(current, key=lambda policy: (policy.position, policy.kind))

        return await self._base.read(job)

    async def templates(self) -> Sequence[TemplateRow]:
        def job(connection: sqlite.Connection) -> list[TemplateRow]:
            found = [TemplateRow(id=row_id, template=each) for _, row_id, each in others(connection, MessageTemplate)]
            return [row for row in found if row.template.active]

        return await self._base.read(job)


def settings(connection: sqlite.Connection) -> Settings:
    """HQ's settings of the nearest scope that has any; the defaults before they arrive."""
    kinds = {scope: cursor.kind for scope, cursor in Scopes(connection).all().items()}
    found = {kinds.get(scope, ""): each for scope, _, each in others(connection, Settings)}
    return next((found[kind] for kind in (*_NEAREST, "") if kind in found), Settings())


def _store_name(connection: sqlite.Connection) -> Names:
    """As HQ told when this tablet was enrolled, unless the store's grant has been given another name since."""
    meta, granted = Meta(connection), Scopes(connection).name_of_store()
    told = Names(en=meta.text("store_name_en"), zh=meta.text("store_name_zh"))
    return told if granted in (told.en, told.zh) else Names(en=granted, zh=granted)


def _barred(meta: Meta, clock: Clock) -> Barred:
    """Why nobody may sign in; by HQ's clock as this tablet knows it."""
    if meta.number("locked_out"):
        return "tablet_locked_out"
    now = clock.now() + timedelta(milliseconds=meta.number("hq_time_offset_ms"))
    until = meta.text("authorised_until")
    return "authorisation_ended" if until and now > from_text(until) else ""


def _tablet(connection: sqlite.Connection, clock: Clock) -> TabletInfo | None:
    meta = Meta(connection)
    if not meta.text("device_id"):
        return None
    return TabletInfo(
        device_id=meta.text("device_id"),
        store_id=meta.text("store_id"),
        store_code=meta.text("store_code"),
        store_name=_store_name(connection),
        device_letters=meta.text("device_letters"),
        device_name=meta.text("device_name"),
        region=meta.text("region"),
        time_zone=meta.text("time_zone"),
        currency=meta.text("currency"),
        hq_url=meta.text("hq_url"),
        authorised_until=meta.text("authorised_until"),
        bootstrap=meta.bootstrap,
        barred=_barred(meta, clock),
    )
