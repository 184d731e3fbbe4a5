"""Two stores of different regions and franchises, each with a row of every kind, and everybody who works over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.console_people import browser, person
from tests.integration.hq_data import NOW, make_all

_TEXTS = ("name", "member_no", "note", "words", "title_en", "title_zh", "name_en", "name_zh", "by", "tag")
_FIRST = ("members.member", "staff.staff", "leases.instrument", "orders.order", "catalogue.pricelist")
"""What the others name."""


@dataclass(frozen=True)
class World:
    """A store with all that belongs to it; `mark` stands in its texts and in no other's."""

    mark: str
    region: Any
    franchise: Any
    store: Any
    rows: dict[str, Any]

    @property
    def told(self) -> list[str]:
        """What a page tells when it shows anything of this world."""
        return [self.mark, *(str(row.pk) for row in self.rows.values())]


@dataclass(frozen=True)
class Worker:
    """Somebody at a browser. `own` is None for who works over the chain, or over nothing."""

    role: str
    client: Any
    user: Any
    own: World | None


def two_worlds() -> tuple[World, World]:
    """Both, beside a chain with one row of every kind."""
    made = make_all().rows
    return _world("1", made), _world("2", made)


def _world(number: str, made: dict[str, Any]) -> World:
    from django.utils import timezone

    from hq.devices import services as devices
    from hq.stores import services
    from hq.stores.models import Franchise, Region, Store

    mark = f"MARK{number}"
    names = {"name_en": f"{mark} en", "name_zh": f"{mark} zh"}
    region = services.save_region(Region(code=f"mark{number}", **names))
    franchise = Franchise.objects.create(code=f"mark{number}", **names)
    store = services.save_store(Store(code=f"88{number}", region=region, franchise=franchise, **names))
    code = devices.new_code(store, timezone.now()).code
    device = devices.enrol(code, number * 43, f"{mark} till", "linux", timezone.now())
    world = World(mark, region, franchise, store, {
        "stores.store": store, "stores.region": region, "stores.franchise": franchise, "devices.device": device,
    })  # fmt: skip
    for name in [*_FIRST, *(name for name in made if name not in _FIRST)]:
        _copy(world, name, made[name], number)
    _more(world, number)
    return world


def _copy(world: World, name: str, row: Any, number: str) -> None:
    """The row as this world's: under a key, texts and references of its own."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    if name in world.rows or not fields.keys() & {"store_id", "scope", "list_id"}:
        return
    values = {key: getattr(row, key) for key in fields} | {"id": uuid4()}
    values |= {key: world.mark for key in _TEXTS if key in fields}
    own = {
        "store_id": world.store.id, "scope": world.region.scope, "phone": f"+861380000001{number}", "staff_no": number,
        "number": f"{world.mark}-{number}", "member_id": _key(world, "members.member"),
        "guide_id": _key(world, "staff.staff"), "instrument_id": _key(world, "leases.instrument"),
        "list_id": _key(world, "catalogue.pricelist"), "card_id": _key(world, "leases.instrument"),
        "owner_id": _key(world, "members.member") if name == "leases.instrument" else None,
        "referrer_id": _key(world, "members.member"), "of": uuid4(),
    }  # fmt: skip
    values |= {key: value for key, value in own.items() if key in fields}
    if name == "leases.instrument":
        values["number"] = None
    world.rows[name] = type(row)(**values)
    world.rows[name].save(force_insert=True)


def _key(world: World, name: str) -> Any:
    return world.rows[name].pk if name in world.rows else None


def _more(world: World, number: str) -> None:
    """What the chain's rows have none of."""
    from hq.cards.models import CardBatch, GiftCard
    from hq.leases.models import Instrument
    from hq.privacy.models import Showing

    card = Instrument.objects.create(
        id=uuid4(), kind="card", store_id=world.store.id, number=f"601200000000042{number}", digits=f"042{number}",
        ver=1, balance=100, title_en=world.mark, title_zh=world.mark,
    )  # fmt: skip
    world.rows["cards.giftcard"] = GiftCard.objects.get(pk=card.pk)
    world.rows["cards.cardbatch"] = CardBatch.objects.create(
        id=uuid4(), title_en=world.mark, title_zh=world.mark, amount=5, count=1, store_id=world.store.id
    )
    world.rows["privacy.showing"] = Showing.objects.create(
        id=uuid4(), ver=1, store_id=world.store.id, member_id=world.rows["members.member"].pk, what="phone", at=NOW,
        operator=world.mark, scope="",
    )  # fmt: skip


def everybody(worlds: tuple[World, World]) -> list[Worker]:
    """Every role: of the chain once, of each world once, and one who has no role."""
    from django.contrib.auth.models import User

    found = [_worker(role, person(f"chain-{role}", role), None) for role in "OVA"]
    found.append(_worker("", User.objects.create_user("nobody", is_staff=True), None))
    for world in worlds:
        told = {"R": {"regions": [world.region]}, "F": {"franchise": world.franchise}, "S": {"stores": [world.store]}}
        found += [_worker(role, person(f"{world.mark}-{role}", role, **over), world) for role, over in told.items()]
    return found


def _worker(role: str, user: Any, own: World | None) -> Worker:
    return Worker(role, browser(user), user, own)
