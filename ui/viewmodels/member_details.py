"""What a guide notes about a member and changes in place: tags, preferences, sizes, wishes, dates, household; and what
HQ says of their level and wallet. Every change is handed to the profile, which saves it and offers to undo it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import anniversaries, elements
from guide_app.domain.levels import Standing
from guide_app.domain.records import Card, Coupon, ImportantDate, Member, Relative, Settings, Wish
from guide_app.domain.records.member import Gender
from guide_app.services.ports.catalogue import ProductRow
from guide_app.services.ports.members import MemberView
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr, trn
from ui.viewmodels.catalogue import detail, tint
from ui.viewmodels.level_words import LevelWords
from ui.viewmodels.member_words import (
    RELATIONS,
    SIZES,
    age_words,
    birthday_words,
    gender_words,
    relation_words,
    size_words,
    until_words,
)
from ui.viewmodels.words import card_words, named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

Change = Callable[[str, Any], None]
"""Sets a field of the member shown."""


class Chip(Row, frozen=True):
    """A tag or a preference. `fixed`: by HQ's rule, so that nobody here takes it off."""

    text: str
    fixed: bool


class SizeTile(Row, frozen=True):
    """A size; the key is what is measured."""

    label: str
    value: str


class DateLine(Row, frozen=True):
    """A day that matters; `day` as it is kept, `soon`: how long until it comes again."""

    label: str
    day: str
    shown: str
    soon: str


class RelativeLine(Row, frozen=True):
    """Somebody of the household: as it is kept, and `title` and `detail` in words."""

    relation: str
    name: str
    birthday: str
    gender: str
    title: str
    detail: str


class WishLine(Row, frozen=True):
    """A product that they wish for, or that could be."""

    name: str
    detail: str
    price: str
    stock: str
    none_left: bool
    tint: int
    picture: str


class WalletCard(Row, frozen=True):
    """A card with money on it; `detail`: until when it can be used, and of when the balance is; `blocked`: in words,
    empty where it is not."""

    title: str
    balance: str
    detail: str
    blocked: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the profile shows, with what their details are told from; `rule_tags`: those that HQ's rules give;
    `heard`: until when HQ was heard, RFC 3339 UTC, empty where it never was."""

    view: MemberView
    settings: Settings
    currency: str
    today: date
    heard: str = ""
    products: dict[str, ProductRow] = {}
    rule_tags: tuple[str, ...] = ()


@QmlElement
class MemberDetails(QObject):
    """The details of the member shown; empty while nobody is."""

    changed = Signal()

    def __init__(self, desk: Desk, change: Change, new_id: Callable[[], str], now: Callable[[], str]) -> None:
        super().__init__()
        self._desk, self._change, self._new_id, self._now = desk, change, new_id, now
        self._shown: Shown | None = None
        self._lists = {
            "tags": KeyedListModel(Chip), "likes": KeyedListModel(Chip), "sizes": KeyedListModel(SizeTile),
            "dates": KeyedListModel(DateLine), "household": KeyedListModel(RelativeLine),
            "wishes": KeyedListModel(WishLine), "cards": KeyedListModel(WalletCard),
        }  # fmt: skip

    @Property(QObject, constant=True)
    def tags(self) -> KeyedListModel:
        """Tags by hand, then those by rule."""
        return self._lists["tags"]

    @Property(QObject, constant=True)
    def likes(self) -> KeyedListModel:
        """Preferences."""
        return self._lists["likes"]

    @Property(QObject, constant=True)
    def sizes(self) -> KeyedListModel:
        """Sizes."""
        return self._lists["sizes"]

    @Property(QObject, constant=True)
    def dates(self) -> KeyedListModel:
        """Days that matter, the next first."""
        return self._lists["dates"]

    @Property(QObject, constant=True)
    def household(self) -> KeyedListModel:
        """The people of the household."""
        return self._lists["household"]

    @Property(QObject, constant=True)
    def wishes(self) -> KeyedListModel:
        """Products that they wish for."""
        return self._lists["wishes"]

    @Property(QObject, constant=True)
    def cards(self) -> KeyedListModel:
        """Cards with money on them."""
        return self._lists["cards"]

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def knownTags(self) -> list[str]:
        """HQ's vocabulary, less the tags that the member has."""
        if self._shown is None:
            return []
        here = {*self._shown.view.member.tags, *self._shown.rule_tags}
        return [tag for tag in self._shown.settings.tags if tag not in here]

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def knownSizes(self) -> list[dict[str, str]]:
        """What is measured often, less what is known."""
        here = self._shown.view.member.sizes if self._shown else {}
        return [{"key": what, "label": size_words(what)} for what in SIZES if what not in here]

    @Property("QVariantList", constant=True)  # type: ignore[arg-type]  # the stub knows only classes
    def relations(self) -> list[dict[str, str]]:
        """How people of a household belong to a member, most often."""
        return [{"key": relation, "label": relation_words(relation)} for relation in RELATIONS]

    @Property(bool, notify=changed)
    def walletKnown(self) -> bool:
        """Whether HQ says anything of a wallet."""
        return self._shown is not None and self._shown.view.wallet is not None

    @Property(str, notify=changed)
    def points(self) -> str:
        """Points in all."""
        wallet = self._shown.view.wallet if self._shown else None
        return self._desk.figures.number(wallet.points) if wallet else ""

    @Property(str, notify=changed)
    def coupons(self) -> str:
        """How many coupons, in words."""
        return trn("%n coupon(s)", sum(coupon.uses for coupon in self._coupons())) if self.walletKnown else ""

    @Property(str, notify=changed)
    def couponDetail(self) -> str:
        """The coupon that ends soonest, and what it goes with."""
        first, figures = next(iter(self._coupons()), None), self._desk.figures
        if first is None:
            return ""
        title = named(first.title.en, first.title.zh, figures.language)
        if source := named(first.source.en, first.source.zh, figures.language):
            title = " · ".join((title, tr("Benefit of %1", source)))
        return tr("%1, until %2", title, figures.day(first.until)) if first.until else title

    @Property(str, notify=changed)
    def levelWords(self) -> str:
        """How far it is to the next level; empty where HQ defines none above."""
        way = self._standing.ahead if self._standing else None
        return self._level_words().ahead(way) if way and self._shown else ""

    @Property(float, notify=changed)
    def levelShare(self) -> float:
        """How much of the way to the next level is done, 0 to 1."""
        way = self._standing.ahead if self._standing else None
        return way.share if way else 0.0

    @Property(str, notify=changed)
    def keepWords(self) -> str:
        """What is missing to keep the level beyond its end; empty where nothing is."""
        way = self._standing.keep if self._standing else None
        return self._level_words().keep(way) if way else ""

    @Property(str, notify=changed)
    def level(self) -> str:
        """What their level is called, as it is by what is on this tablet; empty where they have none."""
        return self._level_words().named(self._standing.level) if self._standing else ""

    @Property(str, notify=changed)
    def levelWaits(self) -> str:
        """That HQ has yet to say the same, in words; else empty."""
        told, seen = self._member(), self._standing
        waits = told is not None and seen is not None and seen.level != told.level
        return tr("HQ has yet to confirm this level") if waits else ""

    @Property(str, notify=changed)
    def keptWords(self) -> str:
        """Until when the level is theirs for sure; empty where it has no end."""
        now = self._standing
        kept = now.held.until if now is not None and now.level and now.held.level == now.level else ""
        return tr("%1 until %2", self.level, self._desk.figures.day(kept)) if kept else ""

    @Property(str, notify=changed)
    def renewalWords(self) -> str:
        """That a paid membership is to be renewed; empty where none is."""
        due = self._standing.due if self._standing else None
        return self._level_words().renewal(due, self._shown.today) if due and self._shown else ""

    @Property(str, notify=changed)
    def paidWords(self) -> str:
        """What membership they paid for, and until when it lasts; empty where none does."""
        term = self._standing.paid if self._standing else None
        return self._level_words().paid(term) if term else ""

    # ------------------------------------------------------------------ what a guide changes

    @Slot(str)
    def addTag(self, text: str) -> None:
        """Adds a tag: of HQ's vocabulary, or free."""
        self._add_words("tags", text)

    @Slot(str)
    def addLike(self, text: str) -> None:
        """Adds a preference."""
        self._add_words("likes", text)

    @Slot(str, str)
    def remove(self, field: str, key: str) -> None:
        """Takes an element out of a list."""
        if (member := self._member()) is not None and field in elements.FIELDS:
            self._change(field, elements.without(field, getattr(member, field), key))

    @Slot(str, str)
    def setSize(self, what: str, size: str) -> None:
        """Sets a size; an empty one takes it out."""
        member, what, size = self._member(), what.strip()[:120], size.strip()[:120]
        if member is not None and what and member.sizes.get(what, "") != size:
            rest = {key: value for key, value in member.sizes.items() if key != what}
            self._change("sizes", dict(sorted({**rest, **({what: size} if size else {})}.items())))

    @Slot(str)
    def addSize(self, text: str) -> None:
        """Adds a size told in one go: what is measured, and last how big it is ("hat 58")."""
        what, _, size = text.strip().rpartition(" ")
        self.setSize(what, size)

    @Slot(str, str, str)
    def setDate(self, key: str, label: str, day: str) -> None:
        """Sets an important date; an empty key adds one."""
        if label.strip() and day.strip():
            date_ = ImportantDate(id=key or self._new_id(), label=label.strip()[:120], day=day.strip())
            self._put("dates", date_)

    @Slot(str, str, str, str, str)
    def setRelative(self, key: str, relation: str, name: str, birthday: str, gender: str) -> None:
        """Sets somebody of the household; an empty key adds one."""
        if relation.strip():
            one = Relative(
                id=key or self._new_id(), relation=relation.strip()[:120], name=name.strip()[:120],
                birthday=birthday.strip(), gender=msgspec.convert(gender, Gender),
            )  # fmt: skip
            self._put("household", one)

    @Slot(str)
    def addWish(self, product_id: str) -> None:
        """Puts a product on the wish list."""
        member = self._member()
        if member is not None and all(wish.product_id != product_id for wish in member.wishes):
            self._change("wishes", (*member.wishes, Wish(product_id=str(UUID(product_id)), since=self._now())))

    # ------------------------------------------------------------------ what the profile tells

    def again(self) -> None:
        """A picture came."""
        self.show(self._shown)

    def show(self, shown: Shown | None) -> None:
        """Another member, or the same as they are now; None: nobody."""
        self._shown = shown
        for name, rows in self._rows(shown).items():
            self._lists[name].update([*{row.key: row for row in rows}.values()])  # HQ's people may write a tag twice
        self.changed.emit()

    def _rows(self, shown: Shown | None) -> dict[str, Sequence[Row]]:
        if shown is None:
            return dict.fromkeys(self._lists, ())
        member = shown.view.member
        by_rule = [Chip(key=f"rule:{tag}", text=tag, fixed=True) for tag in shown.rule_tags if tag not in member.tags]
        return {
            "tags": [*_chips(member.tags), *by_rule],
            "likes": _chips(member.likes),
            "sizes": [SizeTile(key=what, label=size_words(what), value=size) for what, size in member.sizes.items()],
            "dates": self._date_lines(member, shown.today),
            "household": [self._relative(one, shown.today) for one in member.household],
            "wishes": [wish_line(row, shown.currency, self._desk) for wish in member.wishes
                       if (row := shown.products.get(wish.product_id)) is not None],
            "cards": self._cards(shown),
        }  # fmt: skip

    def _date_lines(self, member: Member, today: date) -> list[DateLine]:
        return [
            DateLine(
                key=one.id, label=one.label, day=one.day, shown=birthday_words(one.day, self._desk),
                soon=until_words(one.day, today),
            )
            for one in sorted(member.dates, key=lambda one: anniversaries.next_time(one.day, today))
        ]  # fmt: skip

    def _relative(self, one: Relative, today: date) -> RelativeLine:
        said = (gender_words(one.gender) if one.gender else "", age_words(one.birthday, today),
                birthday_words(one.birthday, self._desk))  # fmt: skip
        relation = relation_words(one.relation)
        parts = (relation, *said) if one.name else said
        return RelativeLine(
            key=one.id, relation=one.relation, name=one.name, birthday=one.birthday, gender=one.gender,
            title=one.name or relation, detail=" · ".join(part for part in parts if part),
        )  # fmt: skip

    def _cards(self, shown: Shown) -> list[WalletCard]:
        figures, wallet = self._desk.figures, shown.view.wallet
        return [
            WalletCard(
                key=str(place),
                title=card_words(card, figures.language),
                balance=figures.money(card.balance, shown.currency),
                detail=self._card_detail(card, shown),
                blocked=tr("Blocked by HQ: nothing of it can be spent") if card.blocked else "",
            )
            for place, card in enumerate(wallet.cards if wallet else ())
        ]  # fmt: skip

    def _card_detail(self, card: Card, shown: Shown) -> str:
        figures, until, heard = self._desk.figures, "", ""
        if card.until:
            over = card.until < shown.today.isoformat()
            day = figures.day(card.until)
            until = tr("Ended on %1", day) if over else tr("Valid until %1", day)
        if shown.heard:
            day, time = figures.date_of(shown.heard), figures.time(shown.heard)
            heard = tr("Balance as of %1, %2", day, time)
        return " · ".join(part for part in (until, heard) if part)

    def _coupons(self) -> list[Coupon]:
        """Those that still count today."""
        if self._shown is None or self._shown.view.wallet is None:
            return []
        today = self._shown.today.isoformat()
        held = self._shown.view.wallet.coupons
        return [coupon for coupon in held if coupon.uses and (not coupon.until or coupon.until >= today)]

    @property
    def _standing(self) -> Standing | None:
        return self._shown.view.standing if self._shown else None

    def _level_words(self) -> LevelWords:
        shown = self._shown
        return LevelWords(self._desk.figures, shown.currency if shown else "", shown.settings if shown else Settings())

    def _member(self) -> Member | None:
        return self._shown.view.member if self._shown else None

    def _add_words(self, field: str, text: str) -> None:
        member, said = self._member(), text.strip()[:120]
        if member is not None and said and said not in getattr(member, field):
            self._change(field, (*getattr(member, field), said))

    def _put(self, field: str, element: Any) -> None:
        member = self._member()
        if member is not None and element not in getattr(member, field):
            self._change(field, elements.unique(field, (*getattr(member, field), element)))


def wish_line(row: ProductRow, currency: str, desk: Desk) -> WishLine:
    """A product in a wish list, with today's price and what this shop has of it."""
    figures, names = desk.figures, row.product.names
    return WishLine(
        key=row.id,
        name=named(names.en, names.zh, figures.language),
        detail=detail(row, figures.language),
        price=figures.money(row.price, currency) if row.price is not None else tr("no price"),
        stock="" if row.on_hand is None else trn("%n in this shop", max(row.on_hand, 0)),
        none_left=row.on_hand is not None and row.on_hand <= 0,
        tint=tint(row),
        picture=desk.pictures.thumb(row.product.pictures),
    )


def _chips(words: Sequence[str]) -> list[Chip]:
    return [Chip(key=word, text=word, fixed=False) for word in words]
