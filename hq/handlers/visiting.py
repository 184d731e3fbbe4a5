"""The copy of a member of another store."""

from __future__ import annotations

from guide_app.domain import levels
from guide_app.domain.errors import Defect
from guide_app.domain.records import Member, Visitor
from hq.ledger.port import Home
from hq.ledger.steps import AddFigures


def visitor_of(home: Home, until: str) -> Visitor:
    """The member as they stand at home."""
    member = home.row.record
    if not isinstance(member, Member):
        raise Defect("a home of nobody")
    fields = {name: getattr(member, name) for name in Member.__struct_fields__}
    fields["home_store_id"] = home.store_id
    return Visitor(**fields, home_names=home.names, home_ver=home.row.ver, until=until)


def figures(before: Visitor, after: Visitor, member_id: str, currency: str) -> AddFigures | None:
    """What a store's business added to a visitor's figures, for their home; None where nothing."""
    orders, spent = after.order_count - before.order_count, after.spent - before.spent
    days = levels.taken(after.counted, before.counted)
    contact = after.last_contact_at if after.last_contact_at > before.last_contact_at else ""
    if not (orders or spent or contact or days):
        return None
    return AddFigures(
        to=after.home_store_id,
        member_id=member_id,
        orders=orders,
        spent=spent,
        currency=currency,
        contact_at=contact,
        days=days,
    )
