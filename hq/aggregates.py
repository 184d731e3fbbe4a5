"""All aggregates that stand in HQ's tables, by entity name. (`op_outcome` stands in the feed and the op log alone;
what is not in `guide_app.domain.records.ENTITIES` is HQ's own and does not travel.)"""

from __future__ import annotations

from typing import Any

from hq.cards.mapping import CARD_ENTRY
from hq.catalogue.mapping import CATEGORY, PRICE, PRICE_LIST, PRODUCT, STOCK
from hq.days.mapping import DAY_CLOSE
from hq.joining.mapping import JOINING, REFERRAL
from hq.leases.mapping import INSTRUMENT, LEASE, LEASE_REQUEST, WALLET
from hq.materials.mapping import EVENT, MATERIAL, SHARE, USE
from hq.members.mapping import MEMBER, MEMBER_ALIAS, VISITOR
from hq.message_templates.mapping import MESSAGE_TEMPLATE
from hq.orders.mapping import ORDER, ORDER_COPY, PARCEL
from hq.payments.mapping import PAYMENT_REQUEST
from hq.points.mapping import EARNED, ENTRY
from hq.policies.mapping import POLICY, SETTINGS
from hq.privacy.mapping import SHOWING
from hq.promotions.mapping import PROMOTION
from hq.protocol.mapping import Mapping
from hq.quotations.mapping import QUOTATION
from hq.service.mapping import PROMISE, TICKET
from hq.staff.mapping import STAFF
from hq.tags.mapping import TAG_RULE
from hq.talks.mapping import FOLLOWUP, REMINDER, TALK

MAPPINGS: dict[str, Mapping[Any, Any]] = {
    mapping.entity: mapping
    for mapping in (
        MEMBER, MEMBER_ALIAS, VISITOR, ORDER, ORDER_COPY, PARCEL, QUOTATION, DAY_CLOSE, TALK, FOLLOWUP, REMINDER,
        TICKET, PROMISE, STAFF, STOCK,
        INSTRUMENT, LEASE, LEASE_REQUEST, WALLET, SHOWING, PAYMENT_REQUEST,
        JOINING, REFERRAL, EARNED, ENTRY, CARD_ENTRY,
        CATEGORY, PRODUCT, PRICE, PRICE_LIST, PROMOTION, POLICY, SETTINGS, TAG_RULE, MESSAGE_TEMPLATE,
        MATERIAL, USE, SHARE, EVENT,
    )
}  # fmt: skip
