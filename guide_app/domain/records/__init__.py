"""The records that tablet and HQ share, and the table of entities that travel."""

from __future__ import annotations

from guide_app.domain.records.base import Names, Part, Record, Ref, decode, encode, merge_unknown
from guide_app.domain.records.catalogue import Category, Option, Price, PriceList, Product, Stock
from guide_app.domain.records.dayclose import DayClose
from guide_app.domain.records.files import FileRef, Picture
from guide_app.domain.records.lease import Instrument, Lease
from guide_app.domain.records.member import (
    Consent,
    FieldConflict,
    Gift,
    ImportantDate,
    Member,
    MemberAlias,
    Relative,
    Visitor,
    Wish,
)
from guide_app.domain.records.message import MessageTemplate
from guide_app.domain.records.order import (
    Discount,
    FromCard,
    Fulfilment,
    GuideShare,
    Order,
    OrderLine,
    Payment,
    PaymentAsked,
    PaymentIntent,
    PriceListUsed,
    Refund,
    Reshared,
    Return,
    ReturnedLine,
    SharesBefore,
    Spend,
    Totals,
    Variance,
)
from guide_app.domain.records.points import Bonus, Earning, PointsPlan
from guide_app.domain.records.pricing import ChosenCoupon, Manual, PricedBy, Rounding
from guide_app.domain.records.promotion import Audience, BundlePart, Promotion, Selection, TierStep
from guide_app.domain.records.quotation import Quotation
from guide_app.domain.records.reminder import Reminder
from guide_app.domain.records.service import Promise, Step, Ticket
from guide_app.domain.records.shop import (
    Level,
    OpOutcome,
    Policy,
    ReceiptWords,
    Settings,
    ShopContact,
    Staff,
    TagRule,
    TouchPoint,
)
from guide_app.domain.records.talk import Followup, Talk
from guide_app.domain.records.wallet import Card, Coupon, Wallet

ENTITIES: dict[str, type[Record]] = {
    "member": Member,
    "member_alias": MemberAlias,
    "visitor": Visitor,
    "wallet": Wallet,
    "order": Order,
    "quotation": Quotation,
    "day_close": DayClose,
    "talk": Talk,
    "followup": Followup,
    "ticket": Ticket,
    "promise": Promise,
    "reminder": Reminder,
    "staff": Staff,
    "stock": Stock,
    "op_outcome": OpOutcome,
    "lease": Lease,
    "category": Category,
    "product": Product,
    "price_list": PriceList,
    "price": Price,
    "promotion": Promotion,
    "policy": Policy,
    "message_template": MessageTemplate,
    "settings": Settings,
    "tag_rule": TagRule,
}
"""Entity name → its record. An entity that is not here is kept by the tablet as it came, and counted."""

HANGING = ("followup", "ticket", "promise")
"""Entities with a `member_id` that, as long as their `state` is open, go with their member to another store."""

__all__ = [
    "ENTITIES",
    "HANGING",
    "Audience",
    "Bonus",
    "BundlePart",
    "Card",
    "Category",
    "ChosenCoupon",
    "Consent",
    "Coupon",
    "DayClose",
    "Discount",
    "Earning",
    "FieldConflict",
    "FileRef",
    "Followup",
    "FromCard",
    "Fulfilment",
    "Gift",
    "GuideShare",
    "ImportantDate",
    "Instrument",
    "Lease",
    "Level",
    "Manual",
    "Member",
    "MemberAlias",
    "MessageTemplate",
    "Names",
    "OpOutcome",
    "Option",
    "Order",
    "OrderLine",
    "Part",
    "Payment",
    "PaymentAsked",
    "PaymentIntent",
    "Picture",
    "PointsPlan",
    "Policy",
    "Price",
    "PriceList",
    "PriceListUsed",
    "PricedBy",
    "Product",
    "Promise",
    "Promotion",
    "Quotation",
    "ReceiptWords",
    "Record",
    "Ref",
    "Refund",
    "Relative",
    "Reminder",
    "Reshared",
    "Return",
    "ReturnedLine",
    "Rounding",
    "Selection",
    "Settings",
    "SharesBefore",
    "ShopContact",
    "Spend",
    "Staff",
    "Step",
    "Stock",
    "TagRule",
    "Talk",
    "Ticket",
    "TierStep",
    "Totals",
    "TouchPoint",
    "Variance",
    "Visitor",
    "Wallet",
    "Wish",
    "decode",
    "encode",
    "merge_unknown",
]
