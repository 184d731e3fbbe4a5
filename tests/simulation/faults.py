"""What goes wrong: each fault by its name. True when it happened, False when there was nothing for it to happen to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from guide_app.domain.errors import NoNetwork
from sync.protocol.digest import bucket

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet
    from tests.simulation.world import World

Fault = Callable[["World", "Tablet"], bool]
PORTAL = b"<html><head><title>Welcome to the free Wi-Fi</title></head></html>"
MOST_TABLETS = 6


def request_dropped(world: World, tablet: Tablet) -> bool:
    """It never comes to HQ; the tablet hears of a broken line."""
    exchange = world.going()
    if exchange is not None:
        world.network.give_up(exchange, still_travels=False)
    return exchange is not None


def request_late(world: World, tablet: Tablet) -> bool:
    """The tablet gives it up, and it comes to HQ all the same."""
    exchange = world.going()
    if exchange is not None:
        world.network.give_up(exchange, still_travels=True)
    return exchange is not None


def request_doubled(world: World, tablet: Tablet) -> bool:
    """It comes to HQ twice in a row."""
    exchange = world.going()
    if exchange is not None:
        world.hq.answer(exchange.device_id, exchange.plain, exchange.created)
        world.network.reach(exchange)
    return exchange is not None


def old_copy(world: World, tablet: Tablet) -> bool:
    """A request of long ago comes to HQ once more."""
    if world.network.sent:
        old = world.random.choice(world.network.sent)
        world.hq.answer(old.device_id, old.plain, old.created)
    return bool(world.network.sent)


def answer_lost(world: World, tablet: Tablet) -> bool:
    exchange = world.coming()
    if exchange is not None:
        world.network.arrive(exchange, NoNetwork("no_network", "reset"))
    return exchange is not None


def half_answer(world: World, tablet: Tablet) -> bool:
    exchange = world.coming()
    if exchange is None or not isinstance(exchange.reply, bytes):
        return False
    world.network.arrive(exchange, exchange.reply[: world.random.randrange(len(exchange.reply))])
    return True


def portal_page(world: World, tablet: Tablet) -> bool:
    """Somebody else answers."""
    exchange = world.coming() or world.going()
    if exchange is not None:
        world.network.arrive(exchange, PORTAL)
    return exchange is not None


def hq_busy(world: World, tablet: Tablet) -> bool:
    """503 with Retry-After for a while."""
    world.hq.busy_until = world.timeline.seconds + world.random.choice((3.0, 30.0))
    return True


def hq_dies(world: World, tablet: Tablet) -> bool:
    """HQ's process ends at one of its next transactions, before or after its COMMIT."""
    world.hq.ledger.dies_at = (world.random.randrange(3), world.random.choice(("before", "after")))
    return True


def hq_small_pages(world: World, tablet: Tablet) -> bool:
    """HQ sends few rows at once from now on, or many again."""
    world.hq.page_bytes = world.random.choice((1, 400, 1500, None))
    return True


def app_too_old(world: World, tablet: Tablet) -> bool:
    """HQ gives this app's tablets no rows until it is put right."""
    world.hq.set_min_app("" if world.hq.min_app else "9.0.0")
    return True


def clock_set(world: World, tablet: Tablet) -> bool:
    """Somebody sets the tablet's clock."""
    tablet.time.skew = world.random.choice((0.0, 200.0, -400.0, 90_000.0, -3e6))
    return True


def time_jumps(world: World, tablet: Tablet) -> bool:
    """Nothing happens for long."""
    world.pass_time(world.random.choice((120.0, 4_000.0, 30_000.0, 400_000.0)))
    return True


def killed_between_steps(world: World, tablet: Tablet) -> bool:
    """The tablet's process ends between any two of its steps, soon."""
    tablet.dies_in = world.random.randrange(60)
    return True


def killed_at_a_write(world: World, tablet: Tablet) -> bool:
    """The tablet's process ends just before or just after its next transaction."""
    tablet.disk.crash_at = world.random.choice(("before", "after"))
    return True


def restored(world: World, tablet: Tablet) -> bool:
    """The tablet's file becomes what it was at some backup."""
    if not tablet.backups:
        return False
    held = set(tablet.op_ids())
    tablet.restore(world.random.choice(tablet.backups))
    world.forget_lost(held)
    return True


def cloned(world: World, tablet: Tablet) -> bool:
    """A second tablet with the same file; both live on."""
    if len(world.tablets) >= MOST_TABLETS:
        return False
    world.add_clone(tablet)
    return True


def hq_restored(world: World, tablet: Tablet) -> bool:
    """HQ becomes what it was at a backup, and begins a new epoch."""
    held = set(world.hq.data.log())
    if not world.hq.restore():
        return False
    world.forget_lost(held)
    return True


def copies_put_back(world: World, tablet: Tablet) -> bool:
    """Of an evening HQ and a tablet are copied; the day after, there is a fire. HQ, and a spare for the tablet that is
    missed, are set up from the copies, and people work on at the spare; then the tablet turns up."""
    there = world.hq.back_up()
    if there is None or len(world.tablets) >= MOST_TABLETS:
        return False
    here = tablet.back_up()
    world.good_hour(tablet)
    held = set(world.hq.data.log())
    world.hq.restore(there)
    spare = world.add_clone(tablet, here)
    world.forget_lost(held)
    for _ in range(world.random.randint(1, 2)):
        world.work(spare)
    return True


def disk_full(world: World, tablet: Tablet) -> bool:
    """No page more fits on the tablet's disk, often not even the reserve; or there is room again."""
    if tablet.disk.full:
        tablet.disk.free()
    else:
        tablet.disk.fill(reserve_spent=world.random.random() < 0.5)
    return True


def revoked(world: World, tablet: Tablet) -> bool:
    """HQ takes the tablet's rights away, or gives them back."""
    tablet.device.revoked = not tablet.device.revoked
    return True


def scope_withdrawn(world: World, tablet: Tablet) -> bool:
    """HQ takes one scope from the tablet's grants, or gives it back."""
    tablet.device.region = not tablet.device.region
    return True


def enrolled_elsewhere(world: World, tablet: Tablet) -> bool:
    """The tablet is enrolled in another shop, with what waits in its outbox."""
    stores = [store for store in world.hq.stores if store != tablet.device.store]
    return bool(stores) and tablet.enrol_in(world.random.choice(stores), world.hq)


def person_erased(world: World, tablet: Tablet) -> bool:
    """A member asks HQ to forget them."""
    return world.office.erase_somebody()


def row_damaged(world: World, tablet: Tablet) -> bool:
    """A row of the tablet's file is not what it was."""
    found = tablet.query(
        "SELECT id FROM member AS m WHERE scope <> '' "
        "AND NOT EXISTS (SELECT 1 FROM shadow AS s WHERE s.entity = 'member' AND s.id = m.id) ORDER BY id"
    )
    if not found:
        return False
    tablet.query("UPDATE member SET ver = ver + 7 WHERE id = ?", world.random.choice(found)[0])
    tablet.damaged = True
    return True


def field_damaged(world: World, tablet: Tablet) -> bool:
    """A field of a row is not what it was, and the row's version is: no digest tells."""
    found = tablet.query("SELECT id, iif(visitor, 'visitor', 'member') FROM member WHERE scope <> '' ORDER BY id")
    if not found or tablet.scrub is not None:
        return False
    member_id, entity = world.random.choice(found)
    tablet.query("UPDATE member SET d = json_set(d, '$.source', 'nobody') WHERE id = ?", member_id)
    tablet.damaged, tablet.scrub = True, bucket(entity, member_id)
    return True


def tombstones_trimmed(world: World, tablet: Tablet) -> bool:
    """HQ forgets what is gone: who was away for longer must fetch again."""
    world.office.take_product_away()
    return world.hq.trim(world.random)


FAULTS: dict[str, Fault] = {
    fault.__name__.replace("_", " "): fault
    for fault in (
        request_dropped, request_late, request_doubled, old_copy, answer_lost, half_answer, portal_page, hq_busy,
        hq_dies, hq_small_pages, app_too_old, clock_set, time_jumps, killed_between_steps, killed_at_a_write,
        restored, cloned, hq_restored, copies_put_back, disk_full, revoked, scope_withdrawn, enrolled_elsewhere,
        person_erased, row_damaged, field_damaged, tombstones_trimmed,
    )
}  # fmt: skip
