"""Material: what may be written, who may do what with it, whom it reaches, and when it may be shown.

Pure, and the one home of these rules: HQ publishes by them, the tablet shows by them. `docs/library.md` has examples.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

import msgspec

from guide_app.domain import messages
from guide_app.domain.errors import Refused
from guide_app.domain.records.base import Part, Uuid
from guide_app.domain.records.material import Material, MaterialFile

Kind = Literal["image", "video", "pdf", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)
State = Literal["draft", "in_review", "published", "replaced", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
Deed = Literal["edit", "submit", "send_back", "publish", "replace", "withdraw"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
ROLES = ("guide", "manager")
FileRole = Literal["page", "thumb", "video", "poster"]
FILE_ROLES: tuple[FileRole, ...] = get_args(FileRole)
WhyNot = Literal["", "unknown", "not_for_you", "withdrawn", "expired", "not_yet"]
LONGEST = 4000
"""Characters of a material's text in one language."""
_NEEDED: dict[Kind, frozenset[FileRole]] = {
    "image": frozenset({"page", "thumb"}), "pdf": frozenset({"page", "thumb"}),
    "video": frozenset({"video", "poster", "thumb"}), "text": frozenset(),
}  # fmt: skip
_STEPS: dict[tuple[State, Deed], State] = {
    ("draft", "edit"): "draft", ("draft", "submit"): "in_review", ("draft", "publish"): "published",
    ("in_review", "send_back"): "draft", ("in_review", "publish"): "published",
    ("published", "replace"): "replaced", ("published", "withdraw"): "withdrawn",
}  # fmt: skip


class Actor(NamedTuple):
    """Who does something at HQ: their name there, and what they are allowed to."""

    name: str
    may_write: bool
    may_publish: bool


class Reach(Part, frozen=True):
    """Whom a material is for: the whole chain where no regions, stores or franchises are named, else all that are.

    A franchise is the shops that it runs now. `roles`: of the shops' people only these; none: all.
    """

    regions: tuple[Uuid, ...] = ()
    stores: tuple[Uuid, ...] = ()
    franchises: tuple[Uuid, ...] = ()
    roles: tuple[str, ...] = ()


_NONE: Mapping[str, str] = MappingProxyType({})


class Target(NamedTuple):
    """A feed that a material goes to: the chain's (`id` empty), a region's or a store's."""

    kind: Literal["chain", "region", "store"]
    id: str


class Moment(NamedTuple):
    """What a tablet knows of the time, as RFC 3339 in UTC: by its own clock, and the latest that HQ ever told it."""

    now: str
    heard: str = ""


def after(state: State, deed: Deed, who: Actor, *, wrote: Collection[str], reviewed: bool) -> State:
    """The state of a version after somebody did something with it.

    `wrote`: everybody who changed this version; `reviewed`: whether the chain asks for a second person. Raises Refused:
    material_right (they may not), material_state (not with a version in this state), material_unreviewed (it must be
    submitted first), material_own (whoever wrote something of it publishes none of it).
    """
    if not (who.may_publish if deed in ("send_back", "publish", "replace", "withdraw") else who.may_write):
        raise Refused("material_right", deed)
    if (state, deed) not in _STEPS:
        raise Refused("material_state", f"{deed} of {state}")
    if deed == "publish" and reviewed:
        if state == "draft":
            raise Refused("material_unreviewed")
        if who.name in wrote:
            raise Refused("material_own")
    return _STEPS[state, deed]


def targets(reach: Reach, region_of: Mapping[str, str], franchise_of: Mapping[str, str] = _NONE) -> frozenset[Target]:
    """The feeds in which it must stand, so that each shop of the audience gets it once and no other gets it.

    `region_of`: the region of each store; one that is not there any more is passed over. `franchise_of`: who runs each
    store that is not the chain's own.
    """
    if not (reach.regions or reach.stores or reach.franchises):
        return frozenset({Target("chain", "")})
    run = {store for store, franchise in franchise_of.items() if franchise in reach.franchises}
    alone = {store for store in {*reach.stores, *run} if region_of.get(store, "") not in {"", *reach.regions}}
    return frozenset({Target("region", region) for region in reach.regions} | {Target("store", one) for one in alone})


def shops(reach: Reach, region_of: Mapping[str, str], franchise_of: Mapping[str, str] = _NONE) -> frozenset[str]:
    """The stores that have it."""
    feeds = targets(reach, region_of, franchise_of)
    return frozenset(
        store
        for store, region in region_of.items()
        if feeds & {Target("chain", ""), Target("region", region), Target("store", store)}
    )


def why_not(material: Material, role: str, at: Moment) -> WhyNot:
    """Why somebody of this role must not show it now; "": they may.

    What is over stays over for a clock that was put back: the latest time that HQ told counts where it is later.
    """
    if material.kind not in KINDS or material.state not in ("published", "withdrawn"):
        return "unknown"
    if material.roles and role not in material.roles:
        return "not_for_you"
    if (over := ended(material, at)) != "":
        return over
    if at.now < material.valid_from:
        return "not_yet"
    return ""


def ended(material: Material, at: Moment) -> Literal["", "withdrawn", "expired"]:
    """Whether it is over for everybody, so that no tablet keeps its files; "": it is not."""
    if material.state == "withdrawn":
        return "withdrawn"
    return "expired" if material.valid_until and max(at.now, at.heard) >= material.valid_until else ""


def flaw(material: Material) -> str:
    """What is wrong with a material, so that it is not published; "": nothing."""
    if material.kind not in KINDS:
        return "material_kind"
    if not (material.title.en.strip() and material.title.zh.strip()):
        return "material_title"
    if material.valid_from and material.valid_until and material.valid_from >= material.valid_until:
        return "material_validity"
    if set(material.roles) - set(ROLES):
        return "material_roles"
    return _text_flaw(material) or _file_flaw(material)


def _text_flaw(material: Material) -> str:
    texts = (material.text.en, material.text.zh)
    if any(len(text) > LONGEST for text in texts):
        return "material_text_long"
    if any(messages.faults(text) for text in texts):
        return "variable_unknown"
    return "material_text" if material.kind == "text" and not all(text.strip() for text in texts) else ""


def _file_flaw(material: Material) -> str:
    roles = {file.role for file in material.files}
    needed = next(files for kind, files in _NEEDED.items() if kind == material.kind)
    if not needed <= roles <= (needed or roles & set(FILE_ROLES)):
        return "material_files"
    pages = sorted({file.page for file in material.files if file.role == "page"})
    return "" if pages == [*range(1, len(pages) + 1)] else "material_pages"


def file_list(material: str, version: int, files: Iterable[MaterialFile]) -> bytes:
    """What HQ signs: of which version of which material which bytes are. The order of the files is irrelevant."""
    lines = sorted({f"{file.sha256} {file.bytes} {file.type}" for file in files})
    return "\n".join(["guide-material", material, str(version), *lines, ""]).encode()


def withdrawn(material: Material, at: str) -> Material:
    """The row that takes a material from everybody's hands: what it was called and for whom, and no file of it."""
    return msgspec.structs.replace(
        material, state="withdrawn", ended_at=at, files=(), text=type(material.text)(), signature="", key=""
    )
