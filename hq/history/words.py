"""Why a person is erased: a choice, so that nothing personal is written into the history."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REASONS = (
    ("request", _("the person asked for it")),
    ("consent", _("the consent was withdrawn")),
    ("retention", _("kept for as long as the law allows")),
    ("mistake", _("should never have been kept")),
)
