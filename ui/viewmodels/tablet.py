"""The state of this tablet as lines of label and value: beside the attention list, and in the settings."""

from __future__ import annotations

from collections.abc import Sequence

from guide_app.services.container import Container
from guide_app.services.ports.base import View
from guide_app.services.ports.catalogue import CatalogueReader, CurrentPrices, Files, FilesView
from guide_app.services.ports.device import SpaceReader
from guide_app.services.ports.engine import OutboxReader, SyncControl, Waiting, WorkProof
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.shop import ShopReader, TabletInfo
from ui.models.keyed import Row
from ui.viewmodels.base import Figures, tr, trn
from ui.viewmodels.waiting import kind_words, trouble_words
from ui.viewmodels.words import named

GIBI, MEBI = 1024**3, 1024**2


class FactLine(Row, frozen=True):
    """One line; `tone`: "" | good | warn | bad."""

    label: str
    value: str
    icon: str
    tone: str = ""


class Note(View, frozen=True):
    """How something stands: a title, a sentence, `tone` good | warn | bad, the picture beside it."""

    title: str = ""
    text: str = ""
    tone: str = "good"
    icon: str = "cloud-check"


class TabletReaders(View, frozen=True):
    """What these lines are read from."""

    shop: ShopReader
    outbox: OutboxReader
    members: MemberReader
    catalogue: CatalogueReader
    sync: SyncControl
    space: SpaceReader
    files: Files


def tablet_readers(container: Container) -> TabletReaders:
    """The readers of a running tablet."""
    read = container.read
    return TabletReaders(
        shop=read.shop, outbox=read.outbox, members=read.members, catalogue=read.catalogue, sync=container.sync,
        space=container.space, files=container.files,
    )  # fmt: skip


class TabletState(View, frozen=True):
    """What was read."""

    tablet: TabletInfo | None
    waiting: Waiting
    needs_you: int
    members: int
    prices: CurrentPrices | None
    used: int
    free: int
    files: FilesView


async def read_state(readers: TabletReaders) -> TabletState:
    """Reads it all from the tablet."""
    return TabletState(
        tablet=await readers.shop.tablet(),
        waiting=await readers.outbox.waiting(),
        needs_you=await readers.outbox.attention_count(),
        members=await readers.members.count(),
        prices=await readers.catalogue.price_list(),
        used=await readers.space.used(),
        free=await readers.space.free(),
        files=await readers.files.view(),
    )


def sync_lines(state: TabletState, figures: Figures) -> Sequence[FactLine]:
    """What waits, kind by kind, and what needs a person."""
    waits = [
        FactLine(key=f"waiting:{kind}", label=kind_words(kind, count), value=tr("waits"), icon="hourglass", tone="warn")
        for kind, count in sorted(state.waiting.by_kind.items())
        if count
    ]
    total = figures.number(state.waiting.total)
    needs = figures.number(state.needs_you)
    return [
        FactLine(key="waiting", label=tr("Waiting to be sent"), value=total, icon="send"),
        *waits,
        FactLine(
            key="needs", label=tr("Need you"), value=needs, icon="circle-alert", tone="bad" if state.needs_you else ""
        ),
    ]


def store_lines(state: TabletState, figures: Figures) -> Sequence[FactLine]:
    """What this tablet holds."""
    free_tone = "bad" if state.free < 200 * MEBI else ""
    return [
        FactLine(key="members", label=tr("Members"), value=figures.number(state.members), icon="users"),
        FactLine(
            key="prices",
            label=tr("Price list"),
            value=_price_words(state.prices, figures),
            icon="receipt-text",
            tone="warn" if state.prices is None or state.prices.expired else "",
        ),
        _files_line(state.files, figures),
        FactLine(key="used", label=tr("Data on this tablet"), value=size_words(state.used, figures), icon="hard-drive"),
        FactLine(
            key="free", label=tr("Free space"), value=size_words(state.free, figures), icon="hard-drive", tone=free_tone
        ),
    ]


def _files_line(files: FilesView, figures: Figures) -> FactLine:
    """How many pictures are here, and why others are not, where that is not only a matter of time."""
    here = tr("%1 (%2)", figures.number(files.here), size_words(files.here_bytes, figures))
    told = {
        "disk_low": tr("%1. The disk is nearly full: pictures make room for sales", here),
        "disk_full": tr("%1. The disk is full: no further ones are kept", here),
        "disk_failed": tr("%1. The tablet's memory failed: no further ones are kept", here),
    }
    coming = tr("%1, %2 on the way", here, figures.number(files.coming)) if files.coming else here
    tone = "warn" if files.problem else ""
    return FactLine(key="files", label=tr("Pictures"), value=told.get(files.problem, coming), icon="images", tone=tone)


def identity_lines(tablet: TabletInfo, app_version: str, language: str) -> Sequence[FactLine]:
    """Who this tablet is."""
    shop = named(tablet.store_name.en, tablet.store_name.zh, language)
    return [
        FactLine(key="shop", label=tr("Shop"), value=shop, icon="store"),
        FactLine(key="store_code", label=tr("Shop number"), value=tablet.store_code, icon="hash"),
        FactLine(key="device", label=tr("This tablet"), value=tablet.device_name, icon="tablet"),
        FactLine(key="letters", label=tr("Its letters"), value=tablet.device_letters, icon="tag"),
        FactLine(key="hq", label=tr("HQ"), value=tablet.hq_url, icon="globe"),
        FactLine(key="version", label=tr("App version"), value=app_version, icon="info"),
    ]


def key_words(warning: str) -> str:
    """The warning about the key to the data, or empty."""
    if not warning:
        return ""
    return tr(
        "This system has no key store, so the key to the encrypted data lies in a file that only this user can read. "
        "Whoever can start this tablet as this user can open the data. Ask HQ to set up a key store."
    )


def state_words(sync: SyncControl, figures: Figures) -> tuple[str, str, str, str]:
    """Title, detail, tone and icon of how it stands with HQ."""
    view = sync.view()
    last = tr("Last in step %1", figures.ago(view.last_in_step)) if view.last_in_step else tr("Not in step yet")
    if trouble := trouble_words(view.problem):
        return tr("Sync has stopped"), trouble, "bad", "circle-alert"
    if view.phase == "offline":
        return tr("No network"), last, "warn", "wifi-off"
    if view.phase in ("syncing", "loading", "starting"):
        return tr("Talking to HQ"), last, "good", "refresh-cw"
    return tr("In step with HQ"), last, "good", "cloud-check"


def work_note(proof: WorkProof) -> Note:
    """Whether every number of today's work is here and at HQ: the tablet's side of what HQ can prove."""
    if not proof.last:
        return Note(title=tr("Nothing was done on this tablet today"))
    title = tr("Today's work: operations %1", _numbers(range(proof.first, proof.last + 1)))
    parked = tr("HQ is looking at %1.", _numbers(proof.parked)) if proof.parked else ""
    if proof.missing:
        text = tr("Missing on this tablet: %1. Tell HQ.", _numbers(proof.missing))
        return Note(title=title, text=_joined(text, parked), tone="bad", icon="circle-alert")
    if proof.waiting:
        text = trn("%n of them still wait(s) here.", proof.waiting)
        return Note(title=title, text=_joined(text, parked), tone="warn", icon="hourglass")
    return Note(title=title, text=_joined(tr("All of them are at HQ."), parked))


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _numbers(seqs: Sequence[int]) -> str:
    """Ascending numbers, runs of them together: "1–3, 7"."""
    runs: list[tuple[int, int]] = []
    for seq in seqs:
        runs[-1:] = [(runs[-1][0], seq)] if runs and seq == runs[-1][1] + 1 else [*runs[-1:], (seq, seq)]
    return tr(", ").join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def size_words(size: int, figures: Figures) -> str:
    """Bytes as people read them, never less than one megabyte."""
    if size >= 10 * GIBI:
        return tr("%1 GB", figures.number(round(size / GIBI)))
    return tr("%1 MB", figures.number(max(1, round(size / MEBI))))


def _price_words(prices: CurrentPrices | None, figures: Figures) -> str:
    if prices is None:
        return tr("none yet")
    version = figures.number(prices.price_list.version)
    return tr("no. %1, expired", version) if prices.expired else tr("no. %1", version)
