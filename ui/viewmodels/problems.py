"""What went wrong, in words that say what to do; one place for every page and for toasts."""

from __future__ import annotations

from ui.viewmodels.base import tr


def problem_words(code: str) -> str:
    """The sentence of a problem's code; a code that this version does not know is named, never hidden."""
    for group in groups():
        if code in group:
            return group[code]
    return tr("That did not work (%1). Nothing was lost; try again, and tell HQ if it stays.", code)


def groups() -> tuple[dict[str, str], ...]:
    """The words of every code, by where the problem comes from; a code stands in one of them."""
    return _network(), _typed(), _selling(), _refused(), _tablet(), _paper()


def _network() -> dict[str, str]:
    return {
        "no_network": tr("HQ did not answer. Check the network, then try again; what you typed is still here."),
        "hq_busy": tr("HQ is busy just now. Try again in a minute; what you typed is still here."),
        "too_often": tr("HQ takes no more questions from this tablet for a minute. Wait, then try again."),
        "hq_refused": tr("HQ answered, but could not take this. Try again later and tell HQ if it stays."),
        "radar_invalid": tr("HQ's list of the chain's members came damaged. It is fetched again by itself."),
        "enrol_code": tr("HQ does not know this code. It may be mistyped, used already or too old: ask for a new one."),
        "url": tr("This is no address of an HQ. It looks like https://hq.example.com"),
        "app_old": tr("This app is too old for HQ. Update it; everything made here is kept."),
        "clock": tr("This tablet's clock is wrong. Set the date and time, then try again."),
    }


def _typed() -> dict[str, str]:
    return {
        "phone_invalid": tr("This is no phone number. Check the digits."),
        "phone_taken": tr("This number belongs to a member already."),
        "name_missing": tr("A name is needed."),
        "list_full": tr("This list is full. Take something out first."),
        "signature_missing": tr("Ask the customer to sign"),
        "needs_tablet": tr("Something is to be signed by hand here: hand over the tablet."),
        "link_invalid": tr("This poster's code is too long for a link. Take another poster, and tell HQ."),
        "material_over": tr("It has ended or was withdrawn, or is not for you: it cannot be shared any more."),
        "share_invalid": tr("No link can be made of this. Tell HQ."),
        "moved_on": tr("Somebody was quicker: this has changed meanwhile. See how it stands now."),
        "consent_missing": tr("Without the membership terms there is no membership: ask the customer."),
        "pin_weak": tr("That PIN is too easy to guess. Take six digits that are not all the same or in a row."),
        "pin_format": tr("A PIN has six digits."),
        "pin_same": tr("The new PIN is the old one. Take another."),
        "number_invalid": tr("This is no order or member number."),
        "number_check": tr("One character of this number is wrong. Read it once more."),
        "amount_invalid": tr("This is no amount of money."),
        "time_invalid": tr("This is no time."),
        "birthday_invalid": tr("Write the birthday as month-day, 05-20, or with the year, 1990-05-20"),
        "currency_unknown": tr("This app does not know this shop's currency. Update the app, or tell HQ."),
        "setting": tr("A setting of this tablet has a value that the app does not know. Ask whoever set it up."),
    }


def _selling() -> dict[str, str]:
    return {
        "nothing_returned": tr("Choose at least one piece that comes back."),
        "basket_empty": tr("The basket is empty. Scan or choose a product first."),
        "basket_gone": tr("This basket was taken up, placed or thrown away meanwhile."),
        "shares_not_whole": tr("The shares must be all of it. Choose again who sold it."),
        "basket_full": tr("The basket is full. Place this order, then begin another."),
        "no_price": tr("This product has no price in the current list, so it cannot be sold yet."),
        "no_price_list": tr("There is no price list on this tablet yet. Sync first."),
        "price_changed": tr("The price has changed meanwhile: look at the new one, then place the order."),
        "approval_missing": tr(
            "More is taken off by hand than you may alone. A manager must allow it, or take it back."
        ),
        "product_unknown": tr("This product is not known here. Sync, or look for it by name."),
        "overspent": tr("There is not so much left to spend on this tablet. Take less, or ask HQ for more."),
        "staff_right": tr(
            "HQ does not let this colleague buy at staff prices now, or not through you. Let another ring it up."
        ),
        "staff_limit": tr(
            "So much is not left of what this colleague may buy this month. Take something out of the basket."
        ),
        "staff_offline": tr(
            "HQ must set this aside of their limit first and cannot be reached. Put the basket aside, or wait."
        ),
        "coupon_elsewhere": tr(
            "HQ does not give this coupon out: another tablet holds it, or it was used. Go on without it."
        ),
        "coupon_offline": tr("HQ must give this coupon out first and cannot be reached. Go on without it, or wait."),
        "coupon_ended": tr("A coupon that was chosen has ended. Take it out, then place the order."),
        "coupons_full": tr("No more coupons fit into one order. Take one out first."),
        "points_elsewhere": tr("HQ has not so many points free: another tablet holds some, or they were spent."),
        "points_offline": tr("HQ must give these points out first and cannot be reached. Use fewer, or wait."),
        "lease_expired": tr("This cannot be spent here until HQ has been reached. Sync, then try again."),
        "lease_too_little": tr("HQ has not so much left of it. Take less."),
        "overpaid": tr("So much is not owed any more. See how the order stands now."),
        "paid_back_twice": tr("So much is not there to be given back. See how the order stands now."),
        "not_owed": tr("So much is not owed any more. See how the order stands now."),
        "no_provider": tr("HQ takes no payments on phones yet. Take the money at the till."),
        "provider_down": tr("The payment service does not answer. Try again, or take another way."),
        "provider_refused": tr("The payment service refused this. Take another way, and tell HQ."),
        "goods_settled": tr("Somebody said meanwhile what became of these goods. Look at the order before you charge."),
        "goods_out": tr("The customer has these goods already: leave them at taken away."),
        "goods_elsewhere": tr("Another shop handed these goods over. Charge the customer by an order of that shop."),
        "order_unknown": tr("HQ does not have this order yet. It is on its way: try again in a moment."),
        "payment_unknown": tr("HQ does not know this payment. See how the order stands now."),
        "other_provider": tr(
            "This was paid by a payment service that HQ no longer uses. Give it back in another way, and tell HQ."
        ),
        "guide_unknown": tr("HQ does not know the guide who did this."),
        "too_much": tr("So much is not there to be given back. See how the order stands now."),
        "recipient_missing": tr("Who gets the goods? Write their name."),
        "address_missing": tr("Where do the goods go? Write the address."),
        "day_missing": tr("When are the goods expected? Choose a day."),
        "day_past": tr("This day is over. Choose a later one."),
        "day_far": tr("This day is more than a year ahead. Choose an earlier one."),
        "promise_too_little": tr("Not all of it is free in this shop. Choose another shop, or order it ahead."),
        "parcel_recalled": tr("The shop that sold it does not want it from here any more. Look at it again."),
        "not_paid": tr("It is not paid yet. Take the payment first, then hand it over."),
        "promise_no_network": tr(
            "Whether the pieces are free only HQ knows, and it is not reached. Let them be taken away now, sent from "
            "elsewhere, or order them ahead."
        ),
        "lease_unknown": tr("This was given back to HQ already."),
    }


def _refused() -> dict[str, str]:
    return {
        "already_shipped": tr("The goods are on their way already, so the order cannot be cancelled."),
        "quotation_ended": tr("The quotation has ended: its prices hold no more."),
        "quotation_unknown": tr("This quotation is not on the tablet any more."),
        "quotation_ordered": tr("The quotation has become an order; it stays one."),
        "quotation_gone": tr("The quotation is gone: it became another order, or was taken back."),
        "already_cancelled": tr("The order was cancelled before."),
        "return_too_many": tr("The customer does not have so many pieces of this order any more."),
        "not_allowed": tr("Only HQ may change this."),
        "card_unknown": tr("HQ has no gift card with this number. Look at it again, or take another card."),
        "card_taken": tr("This gift card was sold or handed out before. Take another card."),
        "card_pin": tr("That is not the card's PIN. Ask the customer for it again."),
        "card_locked": tr("The PIN of this card was wrong too often. HQ can open it again."),
        "card_blocked": tr("HQ has blocked this card: nothing of it can be spent."),
        "card_expired": tr("This card had its last day: nothing of it can be spent any more."),
        "card_not_active": tr("This card has no value yet: the order that it was sold with is not paid."),
        "card_number_invalid": tr("This is no number of a gift card. It has 16 digits."),
        "no_manager": tr("Only a manager of this shop can allow this."),
        "field_unknown": tr("HQ does not know this field. Update the app."),
        "too_large": tr("This is too much for one record. Make it shorter."),
        "erased": tr("This person asked to be forgotten; nothing may be kept about them."),
    }


def _tablet() -> dict[str, str]:
    return {
        "disk_full": tr(
            "NOT saved: this tablet is full. Free some space, then tap again; what you typed is still here."
        ),
        "disk_failed": tr("NOT saved: the tablet's memory failed. Tap again; if it stays, use another tablet."),
        "preferences": tr("The setting holds until the app is closed, but could not be saved: this tablet is full."),
        "key_file": tr("The key could not be kept on this tablet. Free some space, then try again."),
        "key_store": tr("The tablet's key store does not answer. Unlock the system, then start again."),
        "key_store_missing": tr("The tablet's key store is gone. Start the system's key store, then start again."),
        "key_file_open": tr("Others can read this tablet's key file. Ask HQ for help before going on."),
        "tablet_locked_out": tr(
            "HQ has locked this tablet, so it opens for nobody. What was made here is kept: ask HQ for a new code."
        ),
        "authorisation_ended": tr(
            "HQ was not heard for 35 days, so this tablet opens for nobody. Connect it to the network; check its date."
        ),
        "wrong_key": tr("The data on this tablet cannot be opened with its key. Ask HQ for help; delete nothing."),
        "damaged": tr("The data on this tablet is damaged. Ask HQ for help; delete nothing."),
        "newer_version": tr("The data on this tablet is of a newer app. Update the app."),
        "sqlite_too_old": tr("A part of this app is too old. Install the app again; the data stays."),
        "key_gone": tr("The key to this tablet's data is gone. Ask HQ for help; delete nothing."),
        "already_running": tr("Store Guide is open on this tablet already. Go on in the window that is open."),
        "defect": tr(
            "Something went wrong that should not. What was saved is safe, and it was written to the log: tell HQ, "
            "and start the app again if it does not go on."
        ),
    }


def _paper() -> dict[str, str]:
    return {
        "label_nobody": tr("These goods are not sent to anybody from here: there is nothing to write on a label."),
        "receipt_order_unknown": tr("This order is not on this tablet. Sync, or look for it by its number."),
        "place_gone": tr("That place is gone. Plug the drive in again, or choose another place."),
        "printer_none": tr("This tablet has no printer yet. Choose one in the settings."),
        "printer_unreachable": tr("The printer does not answer. Is it on, and is its cable or network plugged in?"),
        "printer_forbidden": tr("This tablet may not use the printer's device file. Ask whoever set it up."),
        "printer_busy": tr("Another program is using the printer. Wait until it is done, then try again."),
        "printer_not_here": tr("This system knows no device files for printers. Use a printer on the network."),
        "printer_silent": tr(
            "The printer is connected but does not say how it is. Switch it off and on; if it never answers, turn off "
            "“It says how it is” in its settings."
        ),
        "printer_stalled": tr("The printer stopped in the middle. Look at it, then print again."),
        "printer_broke_off": tr("The connection to the printer broke off in the middle. Print again."),
        "printer_paper_out": tr("The printer is out of paper. Put a new roll in, then print again."),
        "printer_cover_open": tr("The printer's cover is open. Close it, then print again."),
        "printer_knife": tr("The printer's knife is stuck. Switch it off, free the knife, then print again."),
        "printer_hot": tr("The printer is too hot. Let it cool for some minutes, then print again."),
        "printer_broken": tr("The printer reports a fault. Switch it off and on; if it stays, it needs repair."),
        "printer_offline": tr("The printer is set offline. Press its online or feed button, then print again."),
    }
