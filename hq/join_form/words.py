"""What the form's pages say to the customer about what is wrong, and what helps."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _


class Note(NamedTuple):
    """A page with nothing to fill in."""

    title: str
    text: str


def problem(code: str) -> str:
    """What is wrong with a field."""
    words = {
        "phone_invalid": _("This is not a phone number. Please check the digits."),
        "name_missing": _("Please tell us your name."),
        "birthday_invalid": _("Write the birthday as month-day, 05-20, or with the year, 1990-05-20."),
        "too_long": _("This is too long."),
        "consent_missing": _("Without agreeing to this nobody can become a member."),
        "consent_open": _("Please choose one of the two."),
        "consent_changed": _("These words have changed meanwhile. Please read them and choose again."),
    }
    return words[code]


def note(code: str) -> Note:
    """Why there is no form, and what helps."""
    notes = {
        "link_invalid": Note(
            _("This link does not work"), _("It may be incomplete. Please scan the code on your guide's tablet again.")
        ),
        "link_expired": Note(
            _("This link has run out"), _("It is good for half an hour. Please ask your guide to show you a new code.")
        ),
        "link_revoked": Note(
            _("This link does not count any more"), _("Please ask your guide to show you a code on another tablet.")
        ),
        "needs_tablet": Note(
            _("Please sign up on the tablet"), _("Something is to be signed by hand. Your guide hands you the tablet.")
        ),
        "too_often": Note(_("That was too often"), _("Please wait a minute, then open the link again.")),
        "too_large": Note(_("That was too much"), _("Please go back and write less.")),
        "busy": Note(
            _("We are very busy at this moment"), _("Nothing was lost: what you typed is kept. Please try again.")
        ),
        "waits": Note(
            _("We have received your details"),
            _("HQ has to look at something first. Your guide can sign you up on the tablet meanwhile."),
        ),
        "done": Note(
            _("Thank you"),
            _("We have received your details. Please ask your guide to look at the tablet: they go on from there."),
        ),
    }
    return notes[code]
