"""Why a file was refused, in words that say what to do."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from guide_app.domain.errors import EnvironmentProblem
from hq.files import films, limits, pictures, uploads


def refused(name: str, problem: EnvironmentProblem) -> str:
    """Of the file that the person chose under this name."""
    words = {
        "picture_empty": _("“{name}” is empty. Choose it again; if it stays empty, export it anew."),
        "picture_bytes": _("“{name}” is larger than {megabytes} MB. Export it smaller, and choose that."),
        "picture_type": _(
            "“{name}” is no JPEG, PNG, WebP or HEIC picture, whatever it is called. Export it as one of these."
        ),
        "picture_pixels": _("“{name}” has more than {megapixels} million pixels. Export it smaller, and choose that."),
        "picture_small": _("“{name}” is less than {least} pixels wide or high. Choose a larger picture."),
        "picture_broken": _("“{name}” is damaged or cut off: it cannot be read to its end. Export it anew."),
        "picture_memory": _("“{name}” needs more memory than a picture may. Export it smaller, and choose that."),
        "picture_slow": _("“{name}” takes longer to draw than a picture may. Export it smaller, and choose that."),
        "picture_failed": _("HQ could not draw “{name}”. Choose it again; if it fails again, export it anew."),
        "upload_empty": _("“{name}” is empty. Choose it again; if it stays empty, export it anew."),
        "upload_large": _("“{name}” is larger than {upload} MB. Export it smaller, and choose that."),
        "upload_many": _("{many} files of yours are on their way already. Wait until some of them are here."),
        "upload_room": _("HQ's disk has no room for “{name}”. Tell who runs HQ."),
        "upload_unknown": _("HQ does not know “{name}” any more. Choose it again."),
        "upload_piece": _("“{name}” was changed while it was on its way. Choose it again."),
        "upload_type": _(
            "“{name}” is no JPEG, PNG, WebP or HEIC picture, no PDF, no MP4 film and no plain text, whatever it is "
            "called. Export it as one of these."
        ),
        "upload_heic": _("“{name}” is an AVIF picture or one that moves. Export it as JPEG, and choose that."),
        **_of_papers(),
        "renditions_pending": _("The pictures of “{name}” are still being made. Wait a moment, and save again."),
        "rendition_ended": _(
            "HQ could not make pictures of “{name}”, though it tried several times. "
            "Export it anew, or tell who runs HQ."
        ),
        "upload_odd": _("“{name}” is a picture and something else in one. Export it anew, and choose that."),
        "upload_text": _("“{name}” is a text in an encoding other than UTF-8. Save it as UTF-8, and choose that."),
        "upload_text_long": _(
            "“{name}” is longer than a text of the library may be. Shorten it, or bring it as pictures."
        ),
        "upload_markup": _(
            "“{name}” is a web page, a drawing or a script, and no plain text. Save what it says as text."
        ),
        "film_empty": _("“{name}” is empty. Choose it again; if it stays empty, export it anew."),
        "film_type": _("“{name}” is no MP4 film of a kind that tablets play. Export it as MP4 with H.264."),
        "film_broken": _("“{name}” is damaged or cut off: it cannot be read to its end. Export it anew."),
        "film_odd": _("“{name}” holds something that is no part of a film. Export it anew as MP4."),
        "film_fragmented": _("“{name}” is a film in fragments, as for the web. Export it as one whole MP4."),
        "film_codec": _(
            "“{name}” has pictures or sound that tablets cannot play. Export it as MP4 with H.264 and AAC."
        ),
        "film_locked": _("“{name}” is protected against copying. Bring a film that is not."),
        "film_tracks": _(
            "“{name}” has no picture, or more than one picture and two sounds. "
            "Export it with one picture and its sound."
        ),
        "film_outside": _("“{name}” fetches its pictures from other files. Export it as one whole MP4."),
        "film_undecodable": _(
            "HQ could not read a picture of “{name}”: what it holds is damaged. Export it anew, or bring a picture of "
            "your own beside the film."
        ),
        "film_long": _("“{name}” is longer than {minutes} minutes, or says no length. Cut it, and choose that."),
        "film_size": _(
            "“{name}” is less than {small} or more than {great} pixels wide or high. Export it in another size."
        ),
        "files_failed": _("HQ cannot keep files just now (“{name}”). Its disk may be full: tell who runs HQ."),
    }
    said = words.get(problem.code, _("“{name}” cannot be taken ({code})."))
    return said.format(
        name=name[:80], code=problem.code, megabytes=pictures.MOST_BYTES >> 20,
        megapixels=settings.ENVIRONMENT.picture_megapixels, least=pictures.LEAST_SIDE,
        upload=settings.ENVIRONMENT.upload_bytes >> 20, many=uploads.MOST_OPEN, minutes=films.MOST_SECONDS // 60,
        small=films.LEAST_SIDE, great=films.MOST_SIDE, paper=limits.PDF_BYTES >> 20, pages=limits.PDF_PAGES,
    )  # fmt: skip


def _of_papers() -> dict[str, str]:
    return {
        "pdf_bytes": _("“{name}” is larger than {paper} MB. Export it smaller, and choose that."),
        "pdf_locked": _("“{name}” is a locked PDF. Save it without a password and without restrictions."),
        "pdf_broken": _("“{name}” is a PDF that is damaged or cut off. Export it anew."),
        "pdf_odd": _("“{name}” holds something that is no part of a PDF. Export it anew as PDF."),
        "pdf_pages": _("“{name}” has no page, or more than {pages}. Divide it, and choose its parts."),
        "pdf_page": _(
            "“{name}” has a page that is smaller than half an inch or larger than 200 inches. "
            "Export it in another size."
        ),
        "pdf_script": _(
            "“{name}” is a PDF with a script or a form that runs one. Print it into a new PDF, and choose that."
        ),
        "pdf_action": _(
            "“{name}” is a PDF that starts programs, sends what is filled in, or opens other files. "
            "Print it into a new PDF, and choose that."
        ),
        "pdf_files": _(
            "“{name}” is a PDF that carries or fetches other files, films or sounds. "
            "Print it into a new PDF, and choose that."
        ),
        "pdf_heavy": _(
            "“{name}” is a PDF that needs more memory or time than a page may. "
            "Export it with fewer or smaller pictures, and choose that."
        ),
    }
