"""What goes into which table by COPY: each export is a query on the made rows, in the order of the table's columns."""

from __future__ import annotations

from dataclasses import dataclass

from hq.load.chain import Made
from hq.words import _

TABLES = ("product", "price", "stock", "shop_order", "order_line", "talk", "followup", "feed")
"""Filled by COPY."""
SMALL_TABLES = ("member", "member_consent", "staff", "category", "price_list", "policy", "scope_head")
"""Filled through their mappings: few rows."""


@dataclass(frozen=True)
class Export:
    """One COPY. `weight`: about its share of the time."""

    table: str
    columns: tuple[str, ...]
    query: str
    words: str
    weight: float


def all_of(made: Made) -> list[Export]:
    """Every COPY of a load, in order."""
    return [*_domain(made), *_feed()]


def _domain(made: Made) -> list[Export]:
    return [
        Export("product", ("id", "ver", "sku", "name_en", "name_zh", "category_id", "brand", "size", "unit", "barcodes",
                           "pinyin", "initials", "active", "article", "options"),
               "SELECT id, 1, sku, copied(name_en), copied(name_zh), nullif(category_id, ''), brand, copied(size),"
               " 'piece', '{' || barcode || '}', pinyin, initials, true, article, copied(options)"
               " FROM product_row ORDER BY product",
               _("products"), 0.5),
        Export("price", ("id", "ver", "scope", "list_id", "product_id", "amount"),
               f"SELECT id, 1, '{made.chain_scope}', getvariable('price_list'), product_id, price FROM price_row"
               " ORDER BY product", _("prices"), 0.5),
        Export("stock", ("store_id", "product_id", "ver", "on_hand", "as_of"),
               "SELECT store_id, product_id, 1, on_hand, iso(getvariable('now_ms')) FROM stock_row"
               " JOIN shop USING (shop) ORDER BY shop, product", _("stock"), 0.5),
        Export("talk", ("id", "store_id", "ver", "member_id", "guide_id", "channel", "outcome", "topic", "at", "note",
                        "products", "materials"),
               "SELECT t.id, store_id, 1, member_id, g.id, channel, outcome, topic, iso(at_ms), note,"
               " '{' || product_id || '}', '{}' FROM talk_row t JOIN shop USING (shop) JOIN guide g USING (shop, slot)"
               " ORDER BY shop, at_ms", _("talks"), 0.2),
        Export("followup", ("id", "store_id", "ver", "member_id", "guide_id", "due_on", "state", "note", "set_at"),
               "SELECT f.id, store_id, 1, member_id, g.id, due_on, state, note, iso(set_ms) FROM followup_row f"
               " JOIN shop USING (shop) JOIN guide g USING (shop, slot) ORDER BY shop, due_on", _("follow-ups"), 0.1),
        Export("shop_order", ("id", "store_id", "ver", "number", "state", "guide_id", "member_id", "placed_at",
                              "currency", "lines_amount", "discounts_amount", "total", "fulfilment_kind",
                              "fulfilment_repair", "payments", "price_list_version", "promotions_version", "variance",
                              "note", "cancel_reason", "held", "counts"),
               "SELECT order_id, store_id, 1, number, state, guide_id, member_id, placed_at, 'CNY', gross, off, total,"
               " 'take_away', '', nullif(payments, '[]'), 0, 0, 0, '', '', total, total FROM order_row JOIN shop USING"
               " (shop) ORDER BY shop, placed_ms", _("orders"), 1),
        Export("order_line", ("order_id", "position", "line_id", "product_id", "qty", "unit_price", "amount",
                              "discounts"),
               "SELECT order_id, position, line_id, product_id, qty, unit_price, paid, discounts FROM order_line_row"
               " ORDER BY shop, newest DESC, position", _("order lines"), 6),
    ]  # fmt: skip


def _feed() -> list[Export]:
    columns = ("store_id", "scope", "entity", "entity_id", "seq", "ver", "op", "data")
    rest = (
        "SELECT s.store_id, s.scope, d.entity, d.id, f.before + row_number() OVER (PARTITION BY d.shop, d.entity"
        " ORDER BY d.place, d.id) AS seq, 1, 'put', copied(d.data)"
        " FROM doc d JOIN shop s USING (shop) JOIN feed_start f USING (shop, entity) ORDER BY d.shop, seq"
    )
    return [
        Export("feed", columns, rest, _("feeds: members, products, prices, stock, talks"), 3),
        Export("feed", columns, ORDER_DOCS, _("feeds: orders"), 6),
    ]


ORDER_DOCS = """
    WITH body AS (
        SELECT order_id, string_agg('{"line_id":"' || line_id || '","product_id":"' || product_id || '","qty":' || qty
            || ',"unit_price":' || unit_price || ',"amount":' || paid
            || CASE WHEN discounts IS NULL THEN '' ELSE ',"discounts":' || discounts END || '}', ',' ORDER BY position
        ) AS lines
        FROM order_line_row GROUP BY order_id
    )
    SELECT s.store_id, s.scope, 'order', o.order_id, f.before + o.newest AS seq, 1, 'put',
        '{"number":"' || number || '","state":"' || state || '","guide_id":"' || guide_id
        || '","placed_at":"' || placed_at || '","currency":"CNY","lines":[' || lines
        || '],"totals":{"lines":' || gross || ',"discounts":' || off || ',"total":' || total
        || '},"member_id":"' || member_id || '"'
        || CASE WHEN payments = '[]' THEN '' ELSE ',"payments":' || payments END || '}'
    FROM order_row o JOIN body USING (order_id) JOIN shop s USING (shop)
    JOIN feed_start f ON f.shop = o.shop AND f.entity = 'order'
    ORDER BY o.shop, o.newest
"""
"""The order documents, newest first, as msgspec writes the record `Order`."""
