"""What an outcome's code means, in English words; the tablet says it in its own language by the code."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # parked: HQ's to mend, nothing is lost
    "body_invalid": "HQ could not read this entry. It is kept and will be looked at.",
    "sha_mismatch": "This entry was damaged on its way. It is kept and will be looked at.",
    "kind_unknown": "HQ does not know this kind of entry yet.",
    "schema_unknown": "HQ does not know this version of the entry yet.",
    "guide_unknown": "HQ does not know this guide in this shop.",
    "store_unknown": "This entry belongs to a shop that this tablet is not enrolled in.",
    "op_id_conflict": "Another entry with the same id was received before. Both are kept.",
    "policy_unknown": "HQ does not know the policy that the customer agreed to.",
    "product_unknown": "HQ does not know one of the products.",
    "total_mismatch": "The lines do not add up to the order's total.",
    "order_unknown": "HQ does not have this order yet.",
    "return_unknown": "HQ does not have this return yet.",
    "payment_unknown": "HQ does not have the payment yet that this takes back.",
    "member_unknown": "HQ does not have this member yet.",
    "failed": "HQ failed on this entry. It is kept and will be looked at.",
    # rejected: a rule of the trade
    "phone_invalid": "This is not a phone number that can exist.",
    "field_unknown": "A member has no such field.",
    "not_allowed": "This may not be changed here.",
    "no_manager": "No manager of this shop allowed it; it stays as it was.",
    "already_shipped": "The goods have already left.",
    "quotation_ordered": "The quotation had become an order; it stays one.",
    "card_unknown": "HQ has no gift card with this number; give the customer another one.",
    "card_taken": "This gift card was sold or handed out before; give the customer another one.",
    "already_cancelled": "The order was cancelled before.",
    "erased": "The person's data was erased.",
    # applied or merged, with something to know
    "phone_known": "The shop had a member with this phone number: the sign-ups were joined.",
    "conflict": "Somebody else changed the same field; both values are kept.",
    "not_yours": "Only the guide who logged the talk can change it; it stays as it was.",
    "colleague_unknown": "HQ does not know the colleague whom it was handed to; it stays with whom it was.",
    "consent_older": "The customer withdrew this consent later; it stays withdrawn.",
    "quotation_gone": "The order is accepted at its prices; its quotation had become another order, or was taken back.",
    "way_too_late": "The goods had left when another way was chosen for them; that they left counts.",
    "left_cancelled": "The order was cancelled, but its goods had left: get them back, or charge the customer anew.",
    "settled_twice": "These goods had been settled before: they came back, or the customer was charged for them."
    " See which is so.",
    "out_of_stock": "The order is accepted, but not everything is in stock.",
    "overspent": "The order is accepted; it spent more than its lease held, which is booked as the chain's risk.",
    "lease_expired": "The order is accepted; its lease had expired, which is booked as the chain's risk.",
    "return_too_many": "More pieces were returned than the customer still had; what was left is taken, and the"
    " money for the others is booked as the chain's risk.",
    "refund_variance": "The return is accepted and the refund stands; HQ finds that another amount was due.",
    "lease_unknown": "HQ does not know this lease, or has closed it; nothing was changed.",
    "lease_elsewhere": "This lease is another tablet's; it stays as it was.",
    "overpaid": "All of it is booked; the customer paid more than is owed and is to get the rest back.",
    "paid_back_twice": "It is booked; more was given back than there was to give back.",
    "gift_twice": "The person had been given a sign-up gift before; this one is booked as a second.",
    "phone_known_gift_twice": "The shop had a member with this phone number: the sign-ups were joined, and the person"
    " has two sign-up gifts now.",
    "number_changed": "The number was in use; it was given a suffix.",
    "approval_missing": "The order is accepted at its price; more was taken off by hand than was allowed, which is"
    " booked.",
    "staff_limit": "The order is accepted at its prices; it does not spend from the colleague's limit what it costs.",
    "variance": "The order is accepted at its prices; they differ from HQ's list.",
}
"""Code → words. Every code that a handler or the batch gives is here."""
