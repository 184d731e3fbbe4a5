"""Situations, variables and what is wrong with a text, in words of the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain import messages
from guide_app.domain.messages import Situation, Variable

SITUATIONS: dict[Situation, object] = {
    "birthday": gettext_lazy("birthday"),
    "followup": gettext_lazy("follow-up"),
    "replenishment": gettext_lazy("runs out soon"),
    "thanks": gettext_lazy("thanks"),
    "promise_due": gettext_lazy("a promise is due"),
    "arrival": gettext_lazy("goods have arrived"),
    "welcome": gettext_lazy("welcome"),
}
VARIABLES: dict[Variable, tuple[object, str, str]] = {
    "name": (gettext_lazy("the member's name"), "Li Na", "李娜"),
    "guide": (gettext_lazy("the name of the guide who sends it"), "Lin Xiaotang", "林晓棠"),
    "store": (gettext_lazy("the store's name"), "Wutong Road", "梧桐路店"),
    "product": (gettext_lazy("the product it is about: of the order, the promise or the last purchase"),
                "Oat body cream", "燕麦润肤霜"),
    "date": (gettext_lazy("the day it is about: of the promise or the follow-up, else today"),
             "5 December", "12月5日"),
    "points": (gettext_lazy("the member's points; where they are not known the sentence with them is left out"),
               "320", "320"),
}  # fmt: skip
"""Variable → what stands for it, and an example in English and in Chinese."""


def situation(code: str) -> str:
    """A situation in words; one that this version does not know as it is."""
    return next((str(words) for known, words in SITUATIONS.items() if known == code), code)


def problem(text: str) -> str:
    """What is wrong with a text, or empty."""
    for fault in messages.faults(text):
        where = fault.at + 1
        if not fault.word:
            return _("At character {at}: a brace stands alone. Braces are for variables only.").format(at=where)
        return _("At character {at}: there is no {{{word}}}. There are: {known}.").format(
            at=where, word=fault.word, known=", ".join(f"{{{name}}}" for name in messages.VARIABLES)
        )
    return ""


def example(text: str, language: str) -> str:
    """The text as a member would read it; `language`: "en" or "zh"."""
    values = {name: zh if language == "zh" else en for name, (_words, en, zh) in VARIABLES.items()}
    return messages.fill(text, values)[0]
