"""The label of goods that are sent: who gets them, for whoever carries them. No goods and no prices stand on it."""

from __future__ import annotations

from collections.abc import Iterator

from guide_app.domain import phone
from guide_app.domain.receipt.document import Block, Code, Document, Line, Pair, Rule
from guide_app.domain.receipt.sale import ShopFront, spoken
from guide_app.domain.receipt.words import named, word
from guide_app.domain.records import Fulfilment, Recipient
from guide_app.domain.records.base import Part


class Sending(Part, frozen=True):
    """What a label needs: the order's number, who gets the goods, what they asked for, how many pieces there are, and
    the region (ISO 3166) by which a phone is written."""

    number: str
    to: Recipient
    note: str
    pieces: int
    region: str


def labelled(goes: Fulfilment, to: Recipient | None) -> bool:
    """Whether goods that go this way, to them, need a label: they are sent, and it is told here where."""
    return goes.kind == "ship" and to is not None and bool(to.address)


def label(sending: Sending, shop: ShopFront, *, masked: bool) -> Document:
    """The label as it is stuck on the parcel; `masked`: as a screen may show it, with most of the phone hidden."""
    language = shop.language
    blocks = (
        Line(text=word("label", language), align="centre", strong=True),
        *_receiver(sending, masked=masked),
        Rule(),
        *_sender(shop),
        Rule(),
        Pair(name=word("number", language), figure=spoken(sending.number)),
        Line(text=word("piece" if sending.pieces == 1 else "pieces", language, n=sending.pieces)),
        Code(text=sending.number),
    )
    return Document(
        title=f"{word('label', language)} {spoken(sending.number)}", blocks=blocks, number=sending.number
    )  # fmt: skip


def _receiver(sending: Sending, *, masked: bool) -> Iterator[Block]:
    to = sending.to
    told = (phone.mask if masked else phone.display)(to.phone, sending.region) if to.phone else ""
    for text in (to.name, told):
        if text:
            yield Line(text=text, strong=True, big=True)
    yield Line(text=to.address, strong=True)
    if sending.note:
        yield Line(text=sending.note)


def _sender(shop: ShopFront) -> Iterator[Block]:
    language = shop.language
    yield Pair(name=word("label.from", language), figure=named(shop.name, language))
    for text in (named(shop.address, language), shop.phone):
        if text:
            yield Line(text=text)
