"""The words of the attention list: what came back from HQ, why, and what its buttons say."""

from __future__ import annotations

from guide_app.services.attention import Repair, repairs
from guide_app.services.ports.engine import AttentionRow
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr
from ui.viewmodels.member_words import field_words, value_words
from ui.viewmodels.problems import problem_words
from ui.viewmodels.words import named, news_words, op_words


class AttentionLine(Row, frozen=True):
    """One thing. `repairs` are the ids of its buttons in order, `labels` what they say; the first is the likeliest."""

    title: str
    about: str
    what: str
    why: str
    when: str
    icon: str
    tone: str
    repairs: list[str]
    labels: list[str]


def attention_line(row: AttentionRow, desk: Desk) -> AttentionLine:
    """A row in words."""
    title, why = why_words(row, desk)
    order = tr("Order %1", row.order_number) if row.order_number else ""
    wanted = repairs(row)
    return AttentionLine(
        key=row.key,
        title=title,
        about=" · ".join(part for part in (order, row.member_name) if part),
        what=what_words(row),
        why=why,
        when=desk.figures.ago(row.at) if row.at else "",
        icon=icon_of(row),
        tone=tone_of(row),
        repairs=[*wanted],
        labels=[repair_words(repair, row) for repair in wanted],
    )


def _goods_words(repair: str) -> tuple[str, str]:
    """What is with an order's goods."""
    if repair == "out_of_stock":
        why = tr("HQ took the order, but its goods are not there. Wait for them, or cancel with the customer.")
        return tr("Out of stock"), why
    if repair == "left_cancelled":
        why = tr(
            "The order was cancelled, but its goods had been sent off or handed over. Get them back, or charge the "
            "customer anew: their basket is ready. The shop's books are less by them until you say so."
        )
        return tr("Cancelled, but the goods have left"), why
    if repair == "settled_twice":
        why = tr(
            "Goods of a cancelled order that had left were charged for anew, and somebody else also charged for them "
            "or said that they are back. See which is so: where the customer paid twice, take the goods of this order "
            "back."
        )
        return tr("Settled twice"), why
    if repair in ("way_too_late", "way_of_hq"):
        return _way_words(repair)
    why = tr("The goods of this order cannot come this way. Choose another with the customer, or cancel.")
    return tr("The goods cannot come"), why


def _way_words(kind: str) -> tuple[str, str]:
    """What is with goods for which two people chose."""
    if kind == "way_too_late":
        why = tr(
            "Somebody chose another way for goods that somebody else had sent off or handed over. They count as gone, "
            "and the other way does not. If they are still in the shop, say so: then they go the other way."
        )
        return tr("Another way, chosen too late"), why
    why = tr(
        "HQ chose another way for the goods of this order. Look at it: put goods back that another shop hands over "
        "now, and get those ready that go from here."
    )
    return tr("HQ chose another way"), why


def why_words(row: AttentionRow, desk: Desk) -> tuple[str, str]:
    """A title and the reason."""
    match row.kind:
        case "conflict":
            return tr("Two people changed one thing"), tr("HQ keeps its value until you choose; both are kept.")
        case "out_of_stock" | "way_too_late" | "way_of_hq" | "left_cancelled" | "settled_twice":
            return _goods_words(row.code)
        case "to_refund" | "return_too_many" | "refund_variance":
            return _money_words(row, desk.figures.money(row.amount, row.currency), desk.figures.language)
        case "merged" | "gift_twice":
            return _joined_words(row)
        case "parked":
            return tr("HQ is looking into it"), _parked_words(row.code)
        case _:
            refused = tr("HQ could not take this"), problem_words(row.code)
            return told_words().get(row.kind, refused)


def told_words() -> dict[str, tuple[str, str]]:
    """What HQ took otherwise than it was meant, by its code: a title, and what follows."""
    return {
        "number_changed": (
            tr("The number was in use"),
            tr("It has another one now. Where the customer has a paper with the old one, print it again."),
        ),
        "paid_back_twice": (
            tr("More was given back than there was"),
            tr("Another tablet gave money back too. It is booked: look at the payments, and tell HQ."),
        ),
        "overspent": (
            tr("More was spent than this tablet held"),
            tr("The order stands, and HQ bears the rest. You need do nothing."),
        ),
        "lease_expired": (
            tr("It was spent after its time"),
            tr("The order stands, and HQ bears the rest. You need do nothing."),
        ),
        "quotation_gone": (
            tr("The quotation was gone"),
            tr(
                "It had become another order, or was taken back, before HQ heard of this one. This order stands at its "
                "price. Where the customer bought only once, cancel one of the two."
            ),
        ),
        "colleague_unknown": (
            tr("HQ does not know the colleague"),
            tr("The follow-up stays with whom it was. Hand it over again, or do it yourself."),
        ),
        "not_yours": (
            tr("The talk is a colleague's"),
            tr("Only who logged it can change it; it stays as it was."),
        ),
        "consent_older": (
            tr("The customer withdrew this consent later"),
            tr("It stays withdrawn. Ask again if they wish."),
        ),
    }


def _money_words(row: AttentionRow, amount: str, language: str) -> tuple[str, str]:
    if row.kind == "to_refund":
        return tr("%1 to be given back", amount), tr("More was paid than is owed. Open the order and give it back.")
    if row.kind == "refund_variance":
        return tr("HQ finds another refund"), tr(
            "It differs by %1. The promise to the customer stands; what is due yet comes with the next return.",
            amount,
        )
    if shop := named(row.store.en, row.store.zh, language):
        return tr("Already returned at %1", shop), tr(
            "These pieces had been taken back there before. %1 is booked as the chain's risk. If the customer gave the "
            "money back and keeps the goods, take the return back.",
            amount,
        )
    return tr("More came back than was there"), tr(
        "Somebody else had taken these pieces back already. %1 is booked as the chain's risk. If the customer gave the "
        "money back and keeps the goods, take the return back.",
        amount,
    )


def _joined_words(row: AttentionRow) -> tuple[str, str]:
    if row.kind == "gift_twice":
        return tr("The sign-up gift was their second"), f"{news_words(row)}. {tr('You need do nothing.')}"
    why = tr("%1. What both tablets wrote is kept.", news_words(row))
    if row.code == "phone_known_gift_twice":
        why = f"{why} {tr('They were given the sign-up gift twice; HQ knows.')}"
    return tr("Two sign-ups became one member"), why


def what_words(row: AttentionRow) -> str:
    """What it is about."""
    if row.kind == "conflict":
        field = field_words(row.field)
        return tr('%1: HQ has "%2", somebody also typed "%3"', field, value_words(row.hq), value_words(row.theirs))
    if row.op_kind == "member.sign_up":
        name = str(getattr(row.body, "name", "")) or row.member_name
        return tr("New member %1", name) if name else op_words(row.op_kind)
    return op_words(row.op_kind) if row.op_kind else ""


def repair_words(repair: Repair, row: AttentionRow) -> str:
    """What a button says."""
    words: dict[Repair, str] = {
        "keep_hq": tr('Keep "%1"', value_words(row.hq)),
        "take_theirs": tr('Take "%1"', value_words(row.theirs)),
        "correct_sign_up": tr("Correct and sign up again"),
        "open_member": tr("Open the member"),
        "cancel_order": tr("Cancel the order"),
        "open_order": tr("Open the order"),
        "undo_return": tr("Take the return back"),
        "wait_for_stock": tr("Wait for the goods"),
        "reroute": tr("Another way"),
        "goods_left": tr("They have left"),
        "goods_here": tr("They are still here"),
        "goods_back": tr("Back, or charged anew") if row.elsewhere else tr("They are back"),
        "charge_anew": tr("Charge anew"),
        "settled_seen": tr("It is settled"),
        "goods_given_up": tr("Given up as lost"),
        "way_seen": tr("Done, I know"),
        "seen": tr("I have seen it"),
    }
    return words[repair]


def icon_of(row: AttentionRow) -> str:
    """The picture of a kind."""
    icons = {
        "conflict": "git-merge",
        "out_of_stock": "package",
        "way_too_late": "truck",
        "way_of_hq": "truck",
        "left_cancelled": "truck",
        "settled_twice": "receipt",
        "to_refund": "wallet",
        "paid_back_twice": "wallet",
        "overspent": "wallet",
        "lease_expired": "wallet",
        "number_changed": "receipt",
        "quotation_gone": "receipt",
        "return_too_many": "undo-2",
        "refund_variance": "undo-2",
        "merged": "git-merge",
        "gift_twice": "gift",
        "parked": "hourglass",
    }
    return icons.get(row.kind, "circle-alert")


def tone_of(row: AttentionRow) -> str:
    """The colour of a kind: "good" | "warn" | "bad"."""
    return {"rejected": "bad", "merged": "good"}.get(row.kind, "warn")


def _parked_words(code: str) -> str:
    words = {
        "policy_unknown": tr("HQ does not know this version of the consent yet."),
        "product_unknown": tr("HQ does not know one of the products yet."),
        "total_mismatch": tr("HQ's sum differs from the one shown here."),
        "body_invalid": tr("HQ cannot read it as it is."),
        "sha_mismatch": tr("It was damaged on its way."),
        "op_id_conflict": tr("HQ had another record of the same name before; it keeps both."),
        "order_unknown": tr("HQ does not have the order yet that this is about."),
        "return_unknown": tr("HQ does not have the return yet that this is about."),
        "payment_unknown": tr("HQ does not have the payment yet that this takes back."),
        "member_unknown": tr("HQ does not have the member yet whom this is about."),
        "failed": tr("HQ made a mistake of its own with it."),
        "guide_unknown": tr("HQ does not know the guide who did this."),
        "store_unknown": tr("HQ does not know the shop yet."),
        "kind_unknown": tr("HQ is older than this app and will understand it after its update."),
        "schema_unknown": tr("HQ is older than this app and will understand it after its update."),
    }
    why = words.get(code, tr("HQ cannot read it as it is (%1).", code))
    return tr("%1 It is kept and nothing is lost; you need do nothing.", why)
