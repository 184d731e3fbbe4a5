"""What is done with a version: submitted, published by a second person, sent back, withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.materials import Actor
from hq.console.deeds import Deed, Done, Look
from hq.library import rows, showing
from hq.materials import services
from hq.materials.models import Material, MaterialVersion
from hq.rights import reach

State = MaterialVersion.State


def actor(user: Any) -> Actor:
    """Whoever is signed in, as the library's rules know them."""
    person = reach.of(user)
    label = Material._meta.label_lower
    return Actor(user.get_username(), person.may(label, "change", doing=True), person.may(label, "publish", doing=True))


def _stands(item: Material, *states: str) -> bool:
    version = rows.version_of(item)
    return version is not None and version.state in states


def _version(item: Material) -> str:
    version = rows.version_of(item)
    return str(version.pk) if version else ""


def _submit(item: Material, request: HttpRequest) -> Done:
    services.submit(_version(item), by=actor(request.user))
    return Done(_("It waits for somebody else to look at it and to publish it."))


def _publish(item: Material, request: HttpRequest) -> Done:
    services.publish(_version(item), by=actor(request.user))
    return Done(_("It is published. Tablets on a network have it within seconds, the others when they are heard of."))


def _send_back(item: Material, request: HttpRequest) -> Done:
    services.send_back(_version(item), request.POST.get("note", ""), by=actor(request.user))
    return Done(_("It is a draft again, with what you said to it."))


def _withdraw(item: Material, request: HttpRequest) -> Done:
    services.withdraw(str(item.pk), request.POST.get("note", ""), by=actor(request.user))
    return Done(_("It is withdrawn. No tablet shows it any more once it hears of it."))


def _can_be_published(item: Material) -> bool:
    return _stands(item, State.IN_REVIEW, *(() if services.reviewed() else (State.DRAFT,)))


DEEDS = (
    Look("preview", gettext_lazy("As a tablet shows it"), "materials/preview.html", showing.preview),
    Look("compare", gettext_lazy("What changed"), "materials/compare.html", showing.compared),
    Look("versions", gettext_lazy("Versions"), "materials/versions.html", showing.told),
    Deed(
        "submit", gettext_lazy("Submit"),
        gettext_lazy("Somebody who wrote nothing of it looks at it, and publishes it or sends it back."), _submit,
        fits=lambda item: _stands(item, State.DRAFT) and services.reviewed(),
    ),
    Deed(
        "publish", gettext_lazy("Publish"),
        gettext_lazy("It goes to the tablets of its audience, in place of the version before."), _publish,
        fits=_can_be_published,
    ),
    Deed(
        "send-back", gettext_lazy("Send back"),
        gettext_lazy("It becomes a draft again. Whoever wrote it reads what you say to it."), _send_back,
        fits=lambda item: _stands(item, State.IN_REVIEW), note=gettext_lazy("What is to be done"),
    ),
    Deed(
        "withdraw", gettext_lazy("Withdraw"),
        gettext_lazy("No guide can show it any more, and its files leave the tablets. What was shared is kept."),
        _withdraw, fits=lambda item: rows.published_of(item) is not None, note=gettext_lazy("Why"),
    ),
)  # fmt: skip
