"""Who goes to which shop: the source's 457 stores in a few groups of about the same trade."""

from __future__ import annotations

from hq.load.source import Source


def group_stores(source: Source, shops: int) -> None:
    """Makes the table `store_group`(store_id, shop): the busiest store goes to the shop that has least, and so on."""
    busy = source.rows(
        "SELECT store_id, count(DISTINCT basket_id) AS n FROM transactions GROUP BY 1 ORDER BY n DESC, store_id"
    )
    load = [0] * shops
    placed = []
    for store_id, baskets in busy:
        shop = min(range(shops), key=lambda place: (load[place], place))
        load[shop] += baskets
        placed.append((store_id, shop + 1))
    source.fill("store_group", "store_id BIGINT, shop INTEGER", placed)
