"""Which entity lives in which table, and how its columns come from its JSON.

An entity that has no table of its own, that this version does not know, or whose JSON it cannot read, is kept as it
came in `other_row`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from guide_app.domain import fulfilment, payments
from local_store import words

Columns = tuple[str | int, ...]


class Stored(NamedTuple):
    """A row as it stands: `scope` "" and `q` 0 while HQ has none; `g` the generation of its fetch; `d` JSON text."""

    scope: str
    q: int
    ver: int
    g: int
    d: str


class Table(NamedTuple):
    """One table: its own columns, and how they are read. `facet`: the column by which search keys are filtered."""

    name: str
    columns: tuple[str, ...]
    read: Callable[[bytes], Columns]
    facet: str = ""
    keyed: bool = False
    only: str = "1"
    """Which of the table's rows are this entity's, where it shares the table with another."""
    indexed: bool = True
    """Whether it has indexes besides that of its id."""

    def update(self, columns: Iterable[str]) -> str:
        """The statement that takes (scope, q, ver, g, d, columns…, id)."""
        set_to = ", ".join(f"{column} = ?" for column in ("scope", "q", "ver", "g", "d", *columns))
        return f"UPDATE {self.name} SET {set_to} WHERE id = ?"

    @property
    def upsert(self) -> str:
        """The statement that takes (id, scope, q, ver, g, columns…, d)."""
        columns = ("id", "scope", "q", "ver", "g", *self.columns, "d")
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        return (
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (id) DO UPDATE SET {updates}"
        )


class _Member(msgspec.Struct):
    name: str
    phone: str
    member_no: str
    pinyin: str = ""
    initials: str = ""
    level: str = ""
    last_contact_at: str = ""
    owner_id: str = ""
    joined_at: str = ""
    birthday: str = ""
    conflicts: list[msgspec.Raw] = []
    other_numbers: list[str] = []


class _Names(msgspec.Struct):
    en: str = ""
    zh: str = ""


class _Option(msgspec.Struct):
    value: _Names


class _Product(msgspec.Struct):
    names: _Names
    sku: str
    category_id: str = ""
    brand: str = ""
    size: str = ""
    barcodes: list[str] = []
    pinyin: str = ""
    initials: str = ""
    active: bool = True
    article: str = ""
    options: list[_Option] = []


class _Total(msgspec.Struct):
    total: int


class _Fulfilment(msgspec.Struct):
    kind: str = "take_away"
    progress: str = ""
    repair: str = ""


class _Leg(msgspec.Struct):
    amount: int
    kind: str = "paid"
    at: str = ""
    id: str = ""


class _Refunding(msgspec.Struct):
    amount: int
    of: str
    state: str = "asked"


class _Refund(msgspec.Struct):
    money: int = 0


class _Return(msgspec.Struct):
    refund: _Refund
    risk: int = 0
    void: bool = False
    at: str = ""


class _Order(msgspec.Struct):
    number: str
    state: str
    guide_id: str
    placed_at: str
    totals: _Total
    member_id: str = ""
    fulfilment: _Fulfilment = msgspec.field(default_factory=_Fulfilment)
    payments: list[_Leg] = []
    refunding: list[_Refunding] = []
    returns: list[_Return] = []
    cancelled_at: str = ""


class _Talk(msgspec.Struct):
    member_id: str
    guide_id: str
    at: str


class _Followup(msgspec.Struct):
    member_id: str
    guide_id: str
    due_on: str
    state: str
    set_at: str = ""


class _Reminder(msgspec.Struct):
    member_id: str
    guide_id: str = ""


class _Ticket(msgspec.Struct):
    member_id: str
    number: str = ""
    state: str = "void"
    guide_id: str = ""
    raised_at: str = ""


class _Promise(msgspec.Struct):
    member_id: str
    guide_id: str = ""
    state: str = "void"
    due_on: str = ""
    settled_on: str = ""
    made_at: str = ""


class _Share(msgspec.Struct):
    material: str
    guide_id: str
    member_id: str = ""
    at: str = ""


class _Quotation(msgspec.Struct):
    member_id: str = ""
    guide_id: str = ""
    number: str = ""
    state: str = "open"
    valid_until: str = ""
    made_at: str = ""


class _Material(msgspec.Struct):
    material: str
    version: int
    kind: str
    title: _Names
    state: str = "published"
    topic: _Names = msgspec.field(default_factory=_Names)
    products: list[str] = []
    campaign: str = ""
    tags: list[str] = []
    must_read: bool = False
    roles: list[str] = []
    valid_from: str = ""
    valid_until: str = ""
    published_at: str = ""


class _Use(msgspec.Struct):
    material: str
    guide_id: str
    favourite: bool = False
    read: int = 0
    used_at: str = ""


class _Price(msgspec.Struct):
    list: str
    product: str
    amount: int


class _Stock(msgspec.Struct):
    on_hand: int
    as_of: str = ""


class _Alias(msgspec.Struct):
    member_id: str


_member = msgspec.json.Decoder(_Member)
_product = msgspec.json.Decoder(_Product)
_order = msgspec.json.Decoder(_Order)
_talk = msgspec.json.Decoder(_Talk)
_followup = msgspec.json.Decoder(_Followup)
_reminder = msgspec.json.Decoder(_Reminder)
_ticket = msgspec.json.Decoder(_Ticket)
_promise = msgspec.json.Decoder(_Promise)
_share = msgspec.json.Decoder(_Share)
_quotation = msgspec.json.Decoder(_Quotation)
_material = msgspec.json.Decoder(_Material)
_use = msgspec.json.Decoder(_Use)
_price = msgspec.json.Decoder(_Price)
_stock = msgspec.json.Decoder(_Stock)
_alias = msgspec.json.Decoder(_Alias)


def _read_member(d: bytes) -> Columns:
    m = _member.decode(d)
    found_by = words.of_member(m.name, m.pinyin, m.initials, m.phone, (m.member_no, *m.other_numbers))
    return (m.name, m.pinyin, m.initials, m.phone, m.member_no, m.level, m.last_contact_at, m.owner_id,
            m.joined_at, m.birthday[-5:], len(m.conflicts), found_by, 0)  # fmt: skip


def _read_visitor(d: bytes) -> Columns:
    return (*_read_member(d)[:-1], 1)


def _read_product(d: bytes) -> Columns:
    p = _product.decode(d)
    called = (p.names.en, p.names.zh, p.brand, p.size, *(text for o in p.options for text in (o.value.en, o.value.zh)))
    found_by = words.of_product(called, p.pinyin, p.initials, (p.sku, p.article, *p.barcodes))
    return p.category_id, int(p.active), p.article, found_by


def _read_order(d: bytes) -> Columns:
    o = _order.decode(d)
    owed = payments.owed(o) if payments.waits(o) else 0
    refund = payments.to_give_back(o)
    moved_at = max((o.cancelled_at, *(leg.at for leg in o.payments), *(back.at for back in o.returns)))
    return (o.number, o.state, o.guide_id, o.placed_at, o.member_id, o.totals.total, o.fulfilment.repair, owed, refund,
            moved_at, int(fulfilment.is_open(o)))  # fmt: skip


def _read_talk(d: bytes) -> Columns:
    t = _talk.decode(d)
    return t.member_id, t.guide_id, t.at


def _read_followup(d: bytes) -> Columns:
    f = _followup.decode(d)
    return f.member_id, f.guide_id, f.due_on, f.state, f.set_at


def _read_reminder(d: bytes) -> Columns:
    r = _reminder.decode(d)
    return r.member_id, r.guide_id


def _read_ticket(d: bytes) -> Columns:
    t = _ticket.decode(d)
    return t.member_id, t.guide_id, words.plain(t.number), t.state, t.raised_at


def _read_promise(d: bytes) -> Columns:
    p = _promise.decode(d)
    return p.member_id, p.guide_id, p.state, p.due_on, p.settled_on, p.made_at


def _read_quotation(d: bytes) -> Columns:
    q = _quotation.decode(d)
    return q.member_id, q.guide_id, words.plain(q.number), q.state, q.valid_until, q.made_at


def _read_share(d: bytes) -> Columns:
    s = _share.decode(d)
    return s.member_id, s.guide_id, s.material, s.at


def _read_material(d: bytes) -> Columns:
    m = _material.decode(d)
    topic = f"{m.topic.en}\n{m.topic.zh}" if m.topic.en or m.topic.zh else ""
    narrowed = [("topic", m.topic.en), ("topic", m.topic.zh), ("campaign", m.campaign)]
    narrowed += [*(("tag", tag) for tag in m.tags), *(("product", product) for product in m.products)]
    found_by = words.of_material(m.title, m.topic, (m.campaign, *m.tags), narrowed)
    roles = f" {' '.join(m.roles)} " if m.roles else ""
    return (m.material, m.version, m.kind, m.state, int(m.must_read), roles, m.valid_from, m.valid_until,
            m.published_at, topic, "\n".join(m.tags), m.campaign, found_by)  # fmt: skip


def _read_use(d: bytes) -> Columns:
    u = _use.decode(d)
    return u.material, u.guide_id, int(u.favourite), u.read, u.used_at


def _read_price(d: bytes) -> Columns:
    p = _price.decode(d)
    return p.list, p.product, p.amount


def _read_stock(d: bytes) -> Columns:
    s = _stock.decode(d)
    return s.on_hand, s.as_of


def _read_alias(d: bytes) -> Columns:
    return (_alias.decode(d).member_id,)


_MEMBER = (
    "name", "pinyin", "initials", "phone", "member_no", "level", "last_contact_at", "owner_id", "joined_at",
    "birthday", "conflicts", "words", "visitor",
)  # fmt: skip
TABLES: dict[str, Table] = {
    "member": Table("member", _MEMBER, _read_member, facet="owner_id", keyed=True, only="visitor = 0"),
    "visitor": Table("member", _MEMBER, _read_visitor, facet="owner_id", keyed=True, only="visitor = 1"),
    "member_alias": Table("member_alias", ("member_id",), _read_alias),
    "product": Table("product", ("category_id", "active", "article", "words"), _read_product, keyed=True),
    "price": Table("price", ("list", "product", "amount"), _read_price),
    "stock": Table("stock", ("on_hand", "as_of"), _read_stock, indexed=False),
    "order": Table(
        "shop_order",
        ("number", "state", "guide_id", "placed_at", "member_id", "total", "repair", "owed", "refund", "moved_at",
         "to_hand"),
        _read_order,
    ),
    "talk": Table("talk", ("member_id", "guide_id", "at"), _read_talk),
    "followup": Table("followup", ("member_id", "guide_id", "due_on", "state", "set_at"), _read_followup),
    "ticket": Table("ticket", ("member_id", "guide_id", "number", "state", "raised_at"), _read_ticket),
    "promise": Table(
        "promise", ("member_id", "guide_id", "state", "due_on", "settled_on", "made_at"), _read_promise
    ),
    "quotation": Table(
        "quotation", ("member_id", "guide_id", "number", "state", "valid_until", "made_at"), _read_quotation
    ),
    "share": Table("share", ("member_id", "guide_id", "material", "at"), _read_share),
    "reminder": Table("reminder", ("member_id", "guide_id"), _read_reminder),
    "material": Table(
        "material",
        ("material", "version", "kind", "state", "must_read", "roles", "valid_from", "valid_until", "published_at",
         "topic", "tags", "campaign", "words"),
        _read_material, keyed=True,
    ),
    "material_use": Table("material_use", ("material", "guide_id", "favourite", "read", "used_at"), _read_use),
}  # fmt: skip
"""Entity → its own table."""
