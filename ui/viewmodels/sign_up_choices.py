"""What the sign-up offers to choose from: consents with their words, ways of coming, what brought them."""

from __future__ import annotations

from collections.abc import Sequence

from guide_app.domain.records import Names, Policy, Settings
from guide_app.services.members import SignUpForm
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.words import source_words

_ANSWERS = {True: "yes", False: "no", None: ""}


class PolicyLine(Row, frozen=True):
    """One consent to ask for, with its words; `answer` is "" until asked, then "yes" or "no";
    `other`: the words in the other language."""

    title: str
    text: str
    other: str
    version: str
    required: bool
    answer: str


class ChoiceLine(Row, frozen=True):
    """One of a few things to choose from."""

    label: str
    selected: bool


class Choices:
    """The lists of the form."""

    def __init__(self) -> None:
        self.policies = KeyedListModel(PolicyLine)
        self.sources, self.touches = KeyedListModel(ChoiceLine), KeyedListModel(ChoiceLine)

    def show(self, form: SignUpForm, asks: Sequence[Policy], settings: Settings, *, chinese: bool) -> None:
        """Shows what HQ asks for, with what the form has of it."""
        self.policies.update([_policy(policy, form, chinese=chinese) for policy in asks])
        self.sources.update(
            [ChoiceLine(key=one, label=source_words(one), selected=one == form.source) for one in settings.sources]
        )
        self.touches.update(
            [
                ChoiceLine(key=one.code, label=_said(one.names, chinese=chinese), selected=one.code == form.touch_point)
                for one in settings.touch_points
            ]
        )


def _policy(policy: Policy, form: SignUpForm, *, chinese: bool) -> PolicyLine:
    return PolicyLine(
        key=policy.kind,
        title=_said(policy.title, chinese=chinese),
        text=_said(policy.text, chinese=chinese),
        other=_said(policy.text, chinese=not chinese),
        version=policy.version,
        required=policy.required,
        answer=_ANSWERS[form.consents.get(policy.kind)],
    )


def _said(names: Names, *, chinese: bool) -> str:
    return names.zh if chinese else names.en
