"""Why a file was refused, in words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guide_app.domain.errors import EnvironmentProblem
from hq.files import pictures


def refused(name: str, problem: EnvironmentProblem) -> str:
    """Of the file that the person chose under this name."""
    words = {
        "picture_empty": _("“{name}” is empty. Choose it again; if it stays empty, export it anew."),
        "picture_bytes": _("“{name}” is larger than {megabytes} MB. Export it smaller, and choose that."),
        "picture_type": _(
            "“{name}” is no JPEG, PNG or WebP picture, whatever it is called. Export it as one of these."
        ),
        "picture_pixels": _("“{name}” has more than {megapixels} million pixels. Export it smaller, and choose that."),
        "picture_small": _("“{name}” is less than {least} pixels wide or high. Choose a larger picture."),
        "picture_broken": _("“{name}” is damaged or cut off: it cannot be read to its end. Export it anew."),
        "files_failed": _("HQ cannot keep files just now (“{name}”). Its disk may be full: tell who runs HQ."),
    }
    said = words.get(problem.code, _("“{name}” cannot be taken ({code})."))
    return said.format(
        name=name[:80], code=problem.code, megabytes=pictures.MOST_BYTES >> 20,
        megapixels=pictures.MOST_PIXELS // 1_000_000, least=pictures.LEAST_SIDE,
    )  # fmt: skip
