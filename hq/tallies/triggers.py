"""What is counted of which table, as the SQL of its triggers. A migration copies that, so that it stays what it was
when it shipped; a test holds that all of them together come to what is said here."""

from __future__ import annotations

from typing import NamedTuple


class Counted(NamedTuple):
    """A table whose rows are counted: in which counters, its columns that matter, what row `r` adds to them."""

    table: str
    counters: str
    columns: tuple[str, ...]
    adds: str


_LIVE = "store_id, slot, measure, currency, n, amount"
_MATERIAL = "store_id, day, material, guide_id, what, n"
_ZONE = "coalesce((SELECT time_zone FROM store WHERE id = r.store_id), 'UTC')"
_SLOT = f"date_trunc('hour', {{}}, {_ZONE})"
_DAY = f"({{}} AT TIME ZONE {_ZONE})::date"
_NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"
COLUMNS = {"live_count_new": _LIVE, "material_count_new": _MATERIAL}
COUNTED = (
    Counted(
        "shop_order", "live_count_new", ("store_id", "placed_at", "state", "currency", "held"),
        f"SELECT r.store_id, {_SLOT.format('r.placed_at')}, 'orders', r.currency, 1, r.held"
        " WHERE r.state <> 'cancelled'",
    ),
    Counted(
        "member", "live_count_new", ("store_id", "joined_at"),
        f"SELECT r.store_id, {_SLOT.format('r.joined_at')}, 'sign_ups', '', 1, 0 WHERE r.joined_at IS NOT NULL",
    ),
    Counted(
        "talk", "live_count_new", ("store_id", "at"),
        f"SELECT r.store_id, {_SLOT.format('r.at')}, 'talks', '', 1, 0",
    ),
    Counted(
        "material_event", "material_count_new", ("store_id", "at", "material", "guide_id", "what"),
        f"SELECT r.store_id, {_DAY.format('r.at')}, r.material, r.guide_id, r.what, 1",
    ),
    Counted(
        "material_on_tablet", "material_count_new", ("store_id", "material", "came_at"),
        f"SELECT r.store_id, {_DAY.format('r.came_at')}, r.material, {_NOBODY}, 'delivered', 1"
        " WHERE r.came_at IS NOT NULL",
    ),
)  # fmt: skip


def made(one: Counted) -> str:
    """The table's function and triggers, and what its rows that are there count."""
    name, columns = f"{one.table}_counted", COLUMNS[one.counters]
    taken = ", ".join(f"-s.{column}" if column in ("n", "amount") else f"s.{column}" for column in columns.split(", "))
    differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in one.columns)

    def adds(row: str) -> str:
        return one.adds.replace("r.", f"{row}.")

    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO {one.counters} ({columns}) SELECT {taken} FROM ({adds("OLD")}) AS s ({columns});
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO {one.counters} ({columns}) {adds("NEW")};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER INSERT OR DELETE ON {one.table} FOR EACH ROW EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_anew AFTER UPDATE ON {one.table} FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION {name}();
INSERT INTO {one.counters} ({columns}) SELECT s.* FROM {one.table} AS r, LATERAL ({one.adds}) AS s;
"""


def unmade(one: Counted) -> str:
    """Takes it away."""
    return f"DROP FUNCTION {one.table}_counted() CASCADE"
