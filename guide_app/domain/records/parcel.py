"""A parcel: what another shop's order asks of this one, which hands its goods over or sends them."""

from __future__ import annotations

from guide_app.domain.records.base import Names, Part, Record
from guide_app.domain.records.order import Fulfilment, Recipient


class ParcelLine(Part, frozen=True):
    """So many pieces of one product; none of what came back before it was handed over."""

    line_id: str
    product_id: str
    qty: int


class Parcel(Record, frozen=True):
    """The order of the shop `home_store_id` (`home_names`: its names), as the shop `store_id` needs it; its id is the
    order's.

    `goes`: how the goods go and what was done about them, with the steps of both shops, and nobody's name; `to`: who
    gets them, only while this shop is to see to it: whole where they are sent, else with a phone of which only the end
    shows; `note`: what the customer asked for, as long. `paid`: nothing is owed. `cancelled`: the order is.
    """

    store_id: str
    home_store_id: str
    home_names: Names
    number: str
    placed_at: str
    lines: tuple[ParcelLine, ...]
    goes: Fulfilment = Fulfilment()
    to: Recipient | None = None
    note: str = ""
    paid: bool = False
    cancelled: bool = False
