"""How quotations are told: how they stand on a day, and their lines."""

from __future__ import annotations

from collections.abc import Mapping

from guide_app.domain.records import OrderLine, Quotation
from guide_app.services.ports.orders import QuotationRow
from guide_app.services.selling import Placed
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.words import number_words


class QuotationLine(Row, frozen=True):
    """A quotation in a list."""

    person_id: str
    person: str
    number: str
    detail: str
    total: str
    standing: str
    tone: str
    waiting: bool
    selected: bool


class QuotedLine(Row, frozen=True):
    """A line of a quotation; `was`: at list price, where it costs less."""

    name: str
    detail: str
    amount: str
    was: str


def ended(quotation: Quotation, today: str) -> bool:
    """Whether nobody decided until its last day, and that is past."""
    return quotation.state == "open" and quotation.valid_until < today


def standing_words(quotation: Quotation, today: str, desk: Desk) -> str:
    """How it stands."""
    match quotation.state:
        case "ordered":
            return tr("became an order")
        case "void":
            return tr("taken back")
    if quotation.valid_until == today:
        return tr("ends today")
    day = desk.figures.day(quotation.valid_until)
    return tr("ended on %1", day) if ended(quotation, today) else tr("until %1", day)


def standing_tone(quotation: Quotation, today: str) -> str:
    """The colour of how it stands."""
    if quotation.state != "open":
        return "good" if quotation.state == "ordered" else "neutral"
    if ended(quotation, today):
        return "clay"
    return "warn" if quotation.valid_until == today else "accent"


def quotation_line(row: QuotationRow, today: str, desk: Desk, *, selected: bool = False) -> QuotationLine:
    """A quotation as every list shows it."""
    quoted = row.quotation
    pieces = trn("%n piece(s)", sum(line.qty for line in quoted.lines))
    return QuotationLine(
        key=row.id,
        person_id=row.member.id if row.member else quoted.member_id,
        person=person_words(row),
        number=number_words(quoted.number),
        detail=f"{pieces} · {desk.figures.ago(quoted.made_at)}",
        total=desk.figures.money(quoted.totals.total, quoted.currency),
        standing=standing_words(quoted, today, desk),
        tone=standing_tone(quoted, today),
        waiting=row.waiting,
        selected=selected,
    )


def person_words(row: QuotationRow) -> str:
    """For whom it is."""
    if row.member:
        return row.member.name
    return tr("arriving") if row.quotation.member_id else tr("no member")


def say_ordered(desk: Desk, done: Placed, row: QuotationRow) -> None:
    """An order came of it: it is said, and shown."""
    amount = desk.figures.money(done.total, row.quotation.currency)
    desk.tell.say(tr("Order %1 is saved: %2", number_words(done.number), amount))
    desk.go.open("Orders", {"orderId": done.order_id})


def quoted_line(line: OrderLine, currency: str, names: Mapping[str, str], desk: Desk) -> QuotedLine:
    """A line with its promised price."""
    money, full = desk.figures.money, line.qty * line.unit_price
    return QuotedLine(
        key=line.line_id,
        name=names.get(line.product_id) or tr("arriving"),
        detail=tr("%1 × %2", line.qty, money(line.unit_price, currency)),
        amount=money(line.amount, currency),
        was=money(full, currency) if full > line.amount else "",
    )
