"""The trade's fixed words (states, channels, outcomes, topics, sources) in the chosen language.

A word that this version does not know is shown as it came, rather than hidden.
"""

from __future__ import annotations

from guide_app.domain.errors import BadInput
from guide_app.domain.numbers import group, parse
from guide_app.domain.records import Card
from guide_app.services.ports.engine import AttentionRow
from ui.viewmodels.base import tr


def number_words(number: str) -> str:
    """The number of an order or a member, grouped for reading aloud; one that is not of the scheme as it came."""
    try:
        return group(number)
    except BadInput:
        return number


def is_number(text: str) -> bool:
    """Whether this is a whole number of an order, a member or a ticket, every character right."""
    try:
        parse(text)
    except BadInput:
        return False
    return True


def news_words(row: AttentionRow) -> str:
    """What HQ made of a sign-up, in one sentence: told in passing too."""
    if row.kind == "gift_twice":
        return tr("%1 was given the sign-up gift before; HQ knows", row.member_name)
    return tr("This phone was already %1's: both are one member now", row.member_name)


def order_state_words(state: str) -> str:
    """The state of an order."""
    words = {
        "placed": tr("placed, waits for the network"),
        "accepted": tr("accepted"),
        "in_review": tr("in review"),
        "paid": tr("paid"),
        "picking": tr("being picked"),
        "shipped": tr("shipped"),
        "delivered": tr("delivered"),
        "closed": tr("closed"),
        "cancelled": tr("cancelled"),
        "returned": tr("returned"),
    }
    return words.get(state, state)


def quotation_state_words(state: str) -> str:
    """The state of a quotation."""
    words = {"open": tr("not decided yet"), "ordered": tr("became an order"), "void": tr("taken back")}
    return words.get(state, state)


def channel_words(channel: str) -> str:
    """How they talked."""
    words = {
        "in_store": tr("In the shop"),
        "phone": tr("Phone"),
        "wechat": tr("WeChat"),
        "sms": tr("SMS"),
        "fitting": tr("Fitting"),
        "after_sale": tr("After-sale"),
        "other": tr("Other"),
    }
    return words.get(channel, channel)


def outcome_words(outcome: str) -> str:
    """What came of it."""
    words = {
        "interested": tr("Interested"),
        "bought": tr("Bought"),
        "thinking": tr("Thinking it over"),
        "not_now": tr("Not now"),
        "no_answer": tr("No answer"),
        "solved": tr("Solved"),
        "sent": tr("Message sent"),
    }
    return words.get(outcome, outcome)


def topic_words(topic: str) -> str:
    """What it was about."""
    words = {
        "product": tr("Product"),
        "price": tr("Price"),
        "size": tr("Size"),
        "delivery": tr("Delivery"),
        "care": tr("Care advice"),
        "complaint": tr("Complaint"),
        "birthday": tr("Birthday"),
        "general": tr("General"),
    }
    return words.get(topic, topic)


def source_words(source: str) -> str:
    """How a member came to the shop."""
    words = {
        "walk_in": tr("Walked in"),
        "friend": tr("A friend"),
        "wechat": tr("WeChat"),
        "online": tr("Online shop"),
        "event": tr("Event"),
    }
    return words.get(source, source)


def fulfilment_words(kind: str) -> str:
    """How the goods reach the customer."""
    words = {
        "take_away": tr("Take away now"),
        "pick_up": tr("Pick up later"),
        "ship": tr("Ship"),
        "pre_order": tr("Pre-order"),
    }
    return words.get(kind, kind)


def payment_words(method: str) -> str:
    """How it was paid."""
    words = {
        "cash": tr("Cash"),
        "card": tr("Card"),
        "other": tr("Another way"),
        "qr": tr("Their phone"),
        "coupon": tr("Coupon"),
        "gift_card": tr("Gift card"),
        "exchange": tr("Goods brought back"),
    }
    return words.get(method, method)


def card_words(card: Card, language: str) -> str:
    """What a card is called, with the last digits of its number."""
    title = named(card.title.en, card.title.zh, language) or tr("Gift card")
    return " ".join(part for part in (title, tr("ends in %1", card.digits) if card.digits else "") if part)


def op_words(kind: str) -> str:
    """What a guide did, by the kind of operation."""
    words = {
        "member.sign_up": tr("New member"),
        "member.edit": tr("Change to a member"),
        "member.consent": tr("Consent"),
        "order.place": tr("Order"),
        "order.cancel": tr("Cancelled order"),
        "order.pay": tr("Payment"),
        "order.pay_back": tr("Money given back"),
        "order.return": tr("Return"),
        "order.return_undo": tr("Return taken back"),
        "order_copy.return": tr("Return of another shop's goods"),
        "order_copy.return_undo": tr("Return taken back"),
        "parcel.step": tr("Step of another shop's goods"),
        "order.exchange": tr("Exchange"),
        "order.reshare": tr("Whose sale it is"),
        "order.fulfil": tr("Step of the goods"),
        "order.reroute": tr("Another way for the goods"),
        "quote.make": tr("Quotation"),
        "quote.void": tr("Quotation taken back"),
        "quote.take": tr("Order of a quotation"),
        "order.card": tr("Gift card handed over"),
        "talk.log": tr("Talk"),
        "followup.set": tr("Follow-up"),
        "reminder.set": tr("Mark on a list"),
        "ticket.raise": tr("New ticket"),
        "ticket.step": tr("Step of a ticket"),
        "promise.make": tr("Promise"),
        "promise.settle": tr("Settled promise"),
        "staff.set_pin": tr("New PIN"),
        "lease.return": tr("Given back to HQ"),
        "member.reveal": tr("Phone number shown"),
        "day.close": tr("Day's close"),
        "material.show": tr("Material shown"),
        "material.read": tr("Material read"),
        "material.keep": tr("Material kept at hand"),
        "material.share": tr("Material shared"),
    }
    return words.get(kind, kind)


def role_words(role: str) -> str:
    """What a person does in the shop."""
    words = {"guide": tr("Guide"), "manager": tr("Store manager")}
    return words.get(role, role)


def named(en: str, zh: str, language: str) -> str:
    """A name in the chosen language, or in the other where there is none in it."""
    return (zh or en) if language == "zh_CN" else (en or zh)


def typed_phone(text: str) -> str:
    """What was searched for in vain, where it may be a phone with which somebody is signed up; else empty."""
    typed = text.strip()
    phone_like = sum(c.isdigit() for c in typed) >= 5 and not any(c.isalpha() for c in typed)
    return typed if phone_like else ""
