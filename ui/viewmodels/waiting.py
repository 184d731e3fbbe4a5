"""What waits for HQ and how sync stands, in sentences that several pages share."""

from __future__ import annotations

import msgspec

from guide_app.services.ports.engine import SyncView, Waiting
from ui.viewmodels.base import Figures, tr, trn


class Pill(msgspec.Struct, frozen=True):
    """The state of sync as one sentence. `tone`: good | warn | bad; `icon` names the picture."""

    text: str
    tone: str
    icon: str


def kind_words(kind: str, count: int) -> str:
    """So many operations of one kind, as people count them: "2 orders"."""
    words = {
        "order.place": trn("%n order(s)", count),
        "order.cancel": trn("%n cancelled order(s)", count),
        "order.pay": trn("%n payment(s)", count),
        "order.pay_back": trn("%n refund(s)", count),
        "order.return": trn("%n return(s)", count),
        "order.return_undo": trn("%n return(s) taken back", count),
        "order_copy.return": trn("%n return(s) of another shop's goods", count),
        "order_copy.return_undo": trn("%n return(s) taken back", count),
        "parcel.step": trn("%n step(s) of another shop's goods", count),
        "order.exchange": trn("%n exchange(s)", count),
        "order.card": trn("%n gift card(s) handed over", count),
        "order.reshare": trn("%n correction(s) of whose sale it is", count),
        "order.fulfil": trn("%n step(s) of goods", count),
        "order.reroute": trn("%n other way(s) for goods", count),
        "quote.make": trn("%n quotation(s)", count),
        "quote.void": trn("%n quotation(s) taken back", count),
        "quote.take": trn("%n order(s) of quotations", count),
        "member.sign_up": trn("%n new member(s)", count),
        "member.edit": trn("%n change(s) to members", count),
        "member.consent": trn("%n consent(s)", count),
        "talk.log": trn("%n talk(s)", count),
        "followup.set": trn("%n follow-up(s)", count),
        "reminder.set": trn("%n mark(s) on lists", count),
        "ticket.raise": trn("%n new ticket(s)", count),
        "ticket.step": trn("%n step(s) of tickets", count),
        "promise.make": trn("%n promise(s)", count),
        "promise.settle": trn("%n settled promise(s)", count),
        "staff.set_pin": trn("%n new PIN(s)", count),
        "lease.return": trn("%n thing(s) given back", count),
        "member.reveal": trn("%n number(s) shown", count),
        "day.close": trn("%n close(s) of a day", count),
        "material.show": trn("%n material(s) shown", count),
        "material.read": trn("%n material(s) read", count),
        "material.keep": trn("%n material(s) kept at hand", count),
        "material.share": trn("%n material(s) shared", count),
    }
    return words.get(kind, trn("%n other record(s)", count))


def kinds_words(waiting: Waiting) -> str:
    """All that waits, the most first: "3 talks, 2 orders, 1 new member"."""
    counted = sorted(waiting.by_kind.items(), key=lambda pair: (-pair[1], pair[0]))
    return tr(", ").join(kind_words(kind, count) for kind, count in counted if count)


def since_words(waiting: Waiting, figures: Figures) -> str:
    """How much waits since when: "6 records since 09:12 wait to be sent: …"."""
    if not waiting.total:
        return tr("Nothing waits to be sent.")
    return trn(
        "%n record(s) since %1 wait to be sent: %2.", waiting.total, figures.time(waiting.oldest), kinds_words(waiting)
    )


def pill(sync: SyncView, waiting: Waiting, needs_you: int, figures: Figures) -> Pill:
    """The sentence of the sync pill: what a person must do comes first, then what keeps records from HQ."""
    if trouble := _trouble().get(sync.problem):
        return Pill(trouble, "bad", "circle-alert")
    if needs_you:
        return Pill(trn("%n thing(s) need you", needs_you), "bad", "circle-alert")
    return _at_work(sync, waiting, figures)


def _at_work(sync: SyncView, waiting: Waiting, figures: Figures) -> Pill:
    match sync.phase:
        case "offline":
            text = trn("Offline · %n to send", waiting.total) if waiting.total else tr("Offline · nothing to send")
            return Pill(text, "warn", "wifi-off")
        case "not_enrolled" | "stopped":
            return Pill(tr("Not connected to HQ"), "warn", "wifi-off")
        case "syncing" if waiting.total:
            return Pill(trn("Sending %n", waiting.total), "good", "refresh-cw")
        case "loading" | "starting":
            return Pill(tr("Fetching data"), "good", "refresh-cw")
        case _ if sync.last_in_step:
            return Pill(tr("In step · %1", figures.ago(sync.last_in_step)), "good", "cloud-check")
    return Pill(tr("Connecting to HQ"), "good", "refresh-cw")


def trouble_words(problem: str) -> str:
    """What to do about a problem of sync; empty where there is none or only the network is away."""
    words = {
        "revoked": tr("HQ has locked this tablet out. Ask HQ; what was made here is kept and waits."),
        "clock": tr("This tablet's clock is wrong, so HQ does not take its records. Set the date and time."),
        "disk_full": tr("This tablet is full, so nothing new can be kept. Free some space."),
        "app_old": tr("This app is too old for HQ. Update it; everything made here is kept."),
        "defect": tr("Sending to HQ fails by a mistake of the app or of HQ. Tell HQ; what was made here is kept."),
    }
    return words.get(problem, "")


def _trouble() -> dict[str, str]:
    return {
        "revoked": tr("Locked out by HQ"),
        "clock": tr("The clock is wrong"),
        "disk_full": tr("This tablet is full"),
        "app_old": tr("The app is too old"),
        "defect": tr("Sending fails: tell HQ"),
    }
