"""Material as HQ's people write, review, publish and withdraw it. Every deed is written down with who did it."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guide_app.domain import materials
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.materials import Actor, Deed, Reach
from guide_app.domain.records import Material as Record
from hq.files import services as files
from hq.files.models import StoredFile
from hq.materials.models import Material, MaterialDeed, MaterialVersion
from hq.materials.placing import place, record_of

State = MaterialVersion.State
_NOT_SAID = {"material", "version", "state", "roles", "published_at", "ended_at", "signature", "key"}
"""Of the record: what follows from the version."""
_BLANK: dict[str, Any] = {"material": "00000000-0000-0000-0000-000000000000", "version": 1}


def write(says: Record, reach: Reach, *, by: Actor, material_id: str = "", seen: int | None = None) -> MaterialVersion:
    """Writes the open draft of a material, or begins its next version; without `material_id` a new material.

    `seen`: the draft's `edit` that the person had before their eyes. Raises Refused: material_right, material_state
    (it is in review), changed_meanwhile; BadInput("material_kind") where a material would become one of another kind.
    """
    if says.kind not in materials.KINDS:
        raise BadInput("material_kind")
    with transaction.atomic():
        material = _held(material_id) if material_id else _new(says, by)
        if material.kind != says.kind:
            raise BadInput("material_kind")
        version = material.versions.filter(state__in=MaterialVersion.OPEN).first()
        materials.after("draft" if version is None else _state(version), "edit", by, wrote=(), reviewed=False)
        if seen is not None and (version.edit if version else 0) != seen:
            raise Refused("changed_meanwhile", "material")
        before = version or material.versions.order_by("-version").first()
        changed = _changed(before, says, reach)
        if version is None:
            version = MaterialVersion(material=material, version=before.version + 1 if before else 1, wrote=[], edit=0)
        elif not changed:
            return version
        _fill(version, says, reach, by)
        version.save()
        files.name("", "material_version", str(version.id), {file.sha256 for file in says.files})
        _log(version, "edit", by, changed=changed)
    return version


def submit(version_id: str, *, by: Actor) -> None:
    """Gives a draft to whoever reviews it. Raises Refused as `materials.after`, BadInput as `materials.flaw`."""
    with transaction.atomic():
        version = _version(version_id)
        _step(version, "submit", by)
        _check(version)
        version.save()


def send_back(version_id: str, note: str, *, by: Actor) -> None:
    """Back to whoever wrote it, with what is to be done. Raises Refused, BadInput("material_note") without a word."""
    if not note.strip():
        raise BadInput("material_note")
    with transaction.atomic():
        version = _version(version_id)
        _step(version, "send_back", by, note=note)
        version.save()


def publish(version_id: str, *, by: Actor) -> None:
    """Puts a version on the tablets of its audience, in place of the one before.

    Raises Refused as `materials.after`, and material_file_gone where HQ has a file no more; BadInput with a flaw.
    """
    with transaction.atomic():
        version = _version(version_id)
        _step(version, "publish", by)
        _check(version)
        now = timezone.now()
        for old in version.material.versions.filter(state=State.PUBLISHED):
            _step(old, "replace", by)
            old.ended_at = now
            old.save()
        version.published_at = now
        version.save()
        place(str(version.material_id))


def withdraw(material_id: str, note: str, *, by: Actor) -> None:
    """Takes what is published from every tablet's hands. Raises Refused: material_right, material_state."""
    with transaction.atomic():
        version = _held(material_id).versions.filter(state=State.PUBLISHED).first()
        if version is None:
            raise Refused("material_state", "withdraw")
        _step(version, "withdraw", by, note=note)
        version.ended_at = timezone.now()
        version.save()
        place(material_id)


def reviewed() -> bool:
    """Whether this chain asks for a second person before anything is published."""
    return bool(settings.ENVIRONMENT.material_review)


def _new(says: Record, by: Actor) -> Material:
    material: Material = Material.objects.create(kind=says.kind, made_at=timezone.now(), made_by=by.name)
    return material


def _held(material_id: str) -> Material:
    """The material, which nobody else changes until the transaction ends. Raises Refused("material_unknown")."""
    found = Material.objects.select_for_update().filter(id=material_id).first()
    if found is None:
        raise Refused("material_unknown")
    return found


def _version(version_id: str) -> MaterialVersion:
    material = MaterialVersion.objects.filter(id=version_id).values_list("material_id", flat=True).first()
    if material is None:
        raise Refused("material_unknown")
    _held(str(material))
    version: MaterialVersion = MaterialVersion.objects.select_related("material").get(id=version_id)
    return version


def _state(version: MaterialVersion) -> materials.State:
    return next(state for state in materials.STATES if state == version.state)


def _step(version: MaterialVersion, deed: Deed, by: Actor, note: str = "") -> None:
    version.state = materials.after(_state(version), deed, by, wrote=version.wrote, reviewed=reviewed())
    _log(version, deed, by, note=note)


def _log(version: MaterialVersion, deed: Deed, by: Actor, *, note: str = "", changed: tuple[str, ...] = ()) -> None:
    MaterialDeed.objects.create(
        version=version, deed=deed, by=by.name, at=timezone.now(), note=note.strip()[:500], changed=list(changed)
    )


def _check(version: MaterialVersion) -> None:
    record = msgspec.structs.replace(record_of(version), roles=msgspec.convert(version.reach, Reach).roles)
    if found := materials.flaw(record):
        raise BadInput(found)
    named = [file.sha256 for file in record.files]
    kept = dict(StoredFile.objects.filter(sha256__in=named).values_list("sha256", "size"))
    if any(kept.get(file.sha256) != file.bytes for file in record.files):
        raise Refused("material_file_gone")


def _fill(version: MaterialVersion, says: Record, reach: Reach, by: Actor) -> None:
    version.says, version.reach = _said(says), msgspec.to_builtins(reach)
    version.title_en, version.title_zh = says.title.en, says.title.zh
    version.wrote = sorted({*version.wrote, by.name})
    version.edit += 1
    version.changed_at = timezone.now()


def _said(says: Record) -> dict[str, Any]:
    """As the table keeps it: a record that names nothing but what its people wrote."""
    told: dict[str, Any] = msgspec.to_builtins(says)
    return {**_BLANK, **{name: value for name, value in told.items() if name not in _NOT_SAID}}


def _changed(before: MaterialVersion | None, says: Record, reach: Reach) -> tuple[str, ...]:
    new: dict[str, Any] = {**_said(says), "reach": msgspec.to_builtins(reach)}
    old: dict[str, Any] = {**before.says, "reach": before.reach} if before else _BLANK
    return tuple(sorted(name for name in {*new, *old} if new.get(name) != old.get(name)))
