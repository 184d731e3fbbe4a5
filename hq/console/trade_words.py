"""The trade's codes (as records carry them) in words of the page's language; an unknown code stands as it is."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Area = Literal["channel", "outcome", "topic", "fulfilment", "repair", "consent", "payment", "discount", "source",
               "operation", "status", "code", "showing", "step", "promise", "difference", "promotion", "flaw",
               "variance", "reshare", "progress", "quotation", "quotation_void", "material",
               "material_deed", "material_field"]  # fmt: skip

_WORDS = {
    "channel": {
        "in_store": _("in the store"), "phone": _("phone"), "wechat": _("WeChat"), "sms": _("text message"),
        "fitting": _("fitting"), "after_sale": _("after-sale"), "other": _("other"),
    },
    "outcome": {
        "interested": _("interested"), "bought": _("bought"), "thinking": _("thinking about it"),
        "not_now": _("not now"), "no_answer": _("no answer"), "solved": _("solved"), "sent": _("message sent"),
    },
    "topic": {
        "product": _("product"), "price": _("price"), "size": _("size"), "delivery": _("delivery"),
        "care": _("care"), "complaint": _("complaint"), "birthday": _("birthday"), "general": _("general"),
    },
    "fulfilment": {
        "take_away": _("taken away"), "pick_up": _("picked up"), "ship": _("sent"), "pre_order": _("ordered ahead"),
    },
    "progress": {
        "picking": _("being picked"), "ready": _("ready to be handed over"), "shipped": _("on its way"),
        "done": _("with the customer"), "failed": _("cannot come this way"), "chosen": _("another way chosen"),
        "undo": _("taken back"), "seen": _("the shop knows"),
    },
    "repair": {
        "out_of_stock": _("out of stock"), "cannot_fulfil": _("cannot come this way"),
        "way_too_late": _("had left before another way was chosen"), "way_of_hq": _("the shop is told of HQ's way"),
        "left_cancelled": _("cancelled, but the goods have left"),
        "settled_twice": _("goods that left were settled twice"),
    },
    "consent": {
        "terms": _("membership terms"), "marketing_phone": _("marketing by phone"),
        "marketing_sms": _("marketing by text message"), "marketing_wechat": _("marketing by WeChat"),
    },
    "payment": {
        "till": _("at the till"), "cash": _("cash"), "card": _("card"), "coupon": _("coupon"),
        "exchange": _("exchange"), "later": _("later"),
        "other": _("another way"), "qr": _("on the customer's phone"),
    },
    "discount": {
        "promotion": _("promotion"), "coupon": _("coupon"), "retail": _("retail discount"),
        "coupon_match": _("coupon match"), "member": _("member price"), "manual": _("by hand"),
        "rounding": _("rounding"),
    },
    "difference": {
        "miscounted": _("perhaps miscounted"), "wrong_change": _("wrong change was given"),
        "petty_cash": _("taken for a small expense"), "not_booked": _("a payment was not booked"),
        "unknown": _("nobody knows why"),
    },
    "source": {
        "walk_in": _("walked in"), "friend": _("a friend"), "wechat": _("WeChat"), "online": _("online shop"),
        "event": _("event"),
    },
    "operation": {
        "member.sign_up": _("sign-up"), "member.edit": _("change to a member"), "member.consent": _("consent"),
        "order.pay": _("money of an order"), "order.pay_back": _("money given back"),
        "order.place": _("order"), "order.cancel": _("cancelled order"), "order.return": _("return"),
        "order.return_undo": _("return taken back"), "order.exchange": _("exchange"), "talk.log": _("talk"),
        "order_copy.return": _("return of another store's goods"), "order_copy.return_undo": _("return taken back"),
        "parcel.step": _("step of another store's goods"),
        "order.reshare": _("whose sale it is, corrected"), "order.card": _("gift card handed over"),
        "order.fulfil": _("step of the goods"), "order.reroute": _("another way for the goods"),
        "quote.make": _("quotation"), "quote.void": _("quotation taken back"),
        "quote.take": _("order of a quotation"),
        "followup.set": _("follow-up"), "reminder.set": _("mark on a list"), "staff.set_pin": _("new PIN"),
        "lease.return": _("lease given back"), "member.reveal": _("phone shown"),
        "material.show": _("material shown"), "material.read": _("material read"),
        "material.keep": _("material kept at hand"), "material.share": _("material shared"),
        "day.close": _("close of a day"),
        "ticket.raise": _("new ticket"), "ticket.step": _("step of a ticket"), "promise.make": _("new promise"),
        "promise.settle": _("settled promise"),
    },
    "reshare": {
        "helped": _("a colleague helped with the sale"), "wrong_guide": _("placed by the wrong guide"),
        "handed_over": _("the customer was handed over"), "other": _("another reason"),
    },
    "quotation": {
        "open": _("open"), "ended": _("ended"), "ordered": _("ordered"), "void": _("taken back"),
    },
    "quotation_void": {
        "not_wanted": _("the customer does not want it"), "mistake": _("made by mistake"),
        "replaced": _("another one takes its place"),
    },
    "showing": {
        "phone": _("the phone, on the screen"), "phone_copied": _("the phone, copied"),
        "phone_qr": _("the phone, as a QR code"), "export": _("everything, as a file"),
    },
    "step": {
        "raise": _("raised"), "assign": _("given to"), "note": _("note"), "solve": _("solved"),
        "reopen": _("opened again"), "rate": _("rated by the customer"), "undo": _("taken back"),
        "make": _("promised"), "kept": _("kept"), "broken": _("broken"), "dropped": _("no longer wanted"),
    },
    "promise": {
        "open": _("open"), "late": _("late"), "kept": _("kept"), "kept_late": _("kept late"),
        "broken": _("broken"), "dropped": _("no longer wanted"), "void": _("taken back"),
    },
    "promotion": {
        "percentage": _("percentage off"), "amount": _("amount off"), "member_price": _("member price"),
        "staff": _("price for staff"), "buy_get": _("buy some, get some"), "bundle": _("set at a price of its own"),
        "tier": _("the more, the cheaper"), "coupon": _("coupon"), "points": _("paying with points"),
    },
    "flaw": {
        "kind_unknown": _("There is no promotion of this kind."),
        "no_benefit": _("It takes nothing off yet: say how much."),
        "one_benefit": _("Say either a percentage or an amount, and not both."),
        "bundle_of_one": _("A set needs at least two pieces."),
        "steps_not_rising": _("Each step must begin higher than the one before, and take off at least as much."),
    },
    "material": {
        "material_right": _("Your role may not do this with material."),
        "material_state": _("This cannot be done with it any more: somebody else was first. Look at it again."),
        "material_unreviewed": _("A second person must look at it first: submit it."),
        "material_own": _("You wrote some of it. Somebody who wrote nothing of it must publish it."),
        "material_unknown": _("There is no such material any more."),
        "material_file_gone": _("HQ does not have one of its files any more. Bring it again."),
        "material_kind": _(
            "A material stays what it is: pictures, a film, a PDF or a text. Make a new one of these files."
        ),
        "material_note": _("Say what is to be done about it."),
        "material_title": _("It needs a title in both languages."),
        "material_validity": _("It would be over before it begins."),
        "material_roles": _("It is for people whom no shop has."),
        "material_text": _("A text needs its words in both languages."),
        "material_text_long": _("The text is too long. Shorten it."),
        "material_files": _("Some of its files are missing. Bring them again."),
        "material_pages": _("Its pages have a gap. Bring them again."),
        "material_mixed": _(
            "These files do not belong together: pictures, or one PDF, or one film with one picture, or texts."
        ),
        "upload_unknown": _("HQ does not know a file any more. Choose it again."),
    },
    "material_deed": {
        "edit": _("written"), "submit": _("submitted"), "send_back": _("sent back"),
        "publish": pgettext_lazy("a deed", "published"), "replace": _("replaced by a newer version"),
        "withdraw": pgettext_lazy("a deed", "withdrawn"),
    },
    "material_field": {
        "title": _("title"), "files": _("files"), "text": pgettext_lazy("of a material", "text"),
        "topic": pgettext_lazy("of a material", "topic"), "products": _("goes with"), "campaign": _("campaign"),
        "tags": _("tags"), "must_read": _("must be read"), "reach": _("audience"),
        "valid_from": _("may be shown from"), "valid_until": _("may be shown until"), "kind": _("kind"),
    },
    "variance": {
        "price": _("HQ's list has another price"), "changed": _("the promotion had been changed"),
        "ended": _("the promotion had ended"), "not_begun": _("the promotion had not begun"),
        "unknown": _("HQ does not know the promotion"), "missing": _("HQ's promotion was not taken off"),
        "otherwise": _("the promotion comes to another amount at HQ"),
        "by_hand": _("what was taken off by hand comes to another amount"),
        "approval_missing": _("no manager allowed what was taken off by hand"),
        "coupon_missing": _("no coupon stands behind it: used, taken back or never given out"),
        "points_missing": _("the points that paid were not there"),
        "quotation": _("promised by a quotation"),
        "rounding": _("the total is rounded otherwise"), "other": _("another reason"),
    },
    "status": {
        "applied": _("done"), "merged": _("joined to a known member"), "parked": _("waiting"),
        "rejected": _("refused"), "forwarded": _("sent on to another store"),
    },
    "code": {
        "body_invalid": _("its content cannot be read"), "sha_mismatch": _("damaged on its way"),
        "kind_unknown": _("from a newer app: kind unknown"), "schema_unknown": _("from a newer app: format unknown"),
        "guide_unknown": _("the guide is not known"), "store_unknown": _("of another store"),
        "op_id_conflict": _("two contents under one id"), "policy_unknown": _("the policy is not known"),
        "product_unknown": _("the product is not known"), "total_mismatch": _("the totals do not agree"),
        "order_unknown": _("the order is not here"), "return_unknown": _("the return is not here"),
        "payment_unknown": _("the payment is not here"),
        "member_unknown": _("the member is not here"),
        "failed": _("HQ failed: a fault of ours"), "phone_invalid": _("not a phone number"),
        "field_unknown": _("a field that cannot be changed"), "not_allowed": _("not allowed"),
        "no_manager": _("no manager of the store allowed it"),
        "already_shipped": _("already sent"), "way_too_late": _("the goods had left before"),
        "left_cancelled": _("cancelled, but the goods have left"),
        "settled_twice": _("goods that left were settled twice"),
        "already_cancelled": _("already cancelled"),
        "erased": _("the person was erased"), "conflict": _("two people changed one field"),
        "consent_older": _("a later withdrawal stands"), "not_yours": _("another guide's talk"),
        "colleague_unknown": _("the colleague is not known"),
        "lease_unknown": _("the lease is not here"), "lease_elsewhere": _("another tablet's lease"),
        "out_of_stock": _("out of stock"), "return_too_many": _("more returned than there was"),
        "refund_variance": _("the refund differs from HQ's"),
        "staff_limit": _("a staff purchase beyond the limit"),
        "overspent": _("more spent than leased"), "lease_expired": _("spent from an expired lease"),
        "quotation_ordered": _("the quotation had become an order"),
        "quotation_gone": _("its quotation was gone"),
        "number_changed": _("the number was in use and got a suffix"), "variance": _("prices differ from HQ's list"),
        "approval_missing": _("taken off by hand without a manager's word"),
        "phone_known": _("the phone is known"), "gift_twice": _("a second sign-up gift"),
        "overpaid": _("more was paid than is owed"), "paid_back_twice": _("more was given back than there was"),
        "phone_known_gift_twice": _("the phone is known, a second sign-up gift"),
    },
}  # fmt: skip


def all_said(area: Area) -> list[tuple[str, str]]:
    """Every code of the area with its words."""
    return [(code, str(words)) for code, words in _WORDS[area].items()]


def said(area: Area, code: str) -> str:
    """The code in words."""
    return str(_WORDS[area].get(code, code))
