"""What the customer typed, kept as it is, and read by the rules by which the tablet reads a sign-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast, get_args

from guide_app.domain import phone
from guide_app.domain.anniversaries import check_birthday
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Policy, Settings
from guide_app.domain.records.member import Gender
from guide_app.operations.joining import WALKED_IN, consents
from hq.sync_api.joining import Answers

LONGEST = {"phone": 40, "name": 120, "birthday": 10, "referrer": 120}
"""Characters of each field."""
FIELDS = ("phone", "name", "gender", "birthday", "referrer")
_GENDERS = get_args(Gender)


class Typed(NamedTuple):
    """`fields` as typed; `answers` by kind of policy, "yes" or "no", of the version whose words stood there."""

    fields: Mapping[str, str]
    answers: Mapping[str, str]
    seen: Mapping[str, str]
    """Kind of policy → version."""


EMPTY = Typed({}, {}, {})


class Problems(Exception):
    """What hinders: field or `consent-<kind>` → code."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(codes.values())))
        self.codes = codes


def typed(sent: Mapping[str, str]) -> Typed:
    """The form as it was sent; characters that nobody types are gone."""
    plain = {name: "".join(c for c in value if c.isprintable()).strip() for name, value in sent.items()}
    return Typed(
        {name: plain.get(name, "") for name in FIELDS},
        {name.removeprefix("consent-"): value for name, value in plain.items() if name.startswith("consent-")},
        {name.removeprefix("version-"): value for name, value in plain.items() if name.startswith("version-")},
    )


def read(form: Typed, policies: Sequence[Policy], settings: Settings, touch_point: str, country: str) -> Answers:
    """The answers, checked. Raises Problems with all that hinders."""
    wrong: dict[str, str] = {}
    told = form.fields
    number = _phone(told["phone"], country, wrong)
    if not told["name"]:
        wrong["name"] = "name_missing"
    try:
        check_birthday(told["birthday"])
    except BadInput as problem:
        wrong["birthday"] = problem.code
    wrong |= {name: "too_long" for name, most in LONGEST.items() if len(told[name]) > most}
    given = answered(form, policies)
    wrong |= {f"consent-{policy.kind}": _why(form, policy, given) for policy in policies if _hinders(policy, given)}
    if wrong:
        raise Problems(wrong)
    return Answers(
        phone=number,
        name=told["name"],
        consents=consents(given, policies),
        source=_source(settings, touch_point),
        gender=cast("Gender", told["gender"]) if told["gender"] in _GENDERS else "",
        birthday=told["birthday"],
        referrer=_referrer(told["referrer"], country),
    )


def answered(form: Typed, policies: Sequence[Policy]) -> dict[str, bool]:
    """The answers to these very words: one given to an older version is asked for again."""
    return {
        policy.kind: form.answers[policy.kind] == "yes"
        for policy in policies
        if form.answers.get(policy.kind) in ("yes", "no") and form.seen.get(policy.kind) == policy.version
    }


def _hinders(policy: Policy, given: Mapping[str, bool]) -> bool:
    return policy.kind not in given or (policy.required and not given[policy.kind])


def _why(form: Typed, policy: Policy, given: Mapping[str, bool]) -> str:
    if policy.kind in given:
        return "consent_missing"
    return "consent_changed" if form.answers.get(policy.kind) else "consent_open"


def _phone(text: str, country: str, wrong: dict[str, str]) -> str:
    try:
        return phone.normalise(text, country)
    except BadInput as problem:
        wrong["phone"] = problem.code
        return ""


def _referrer(text: str, country: str) -> str:
    """A phone as E.164, by which HQ finds whose it is; a number, or whatever was told, as it stands."""
    try:
        return phone.normalise(text, country)
    except BadInput:
        return text


def _source(settings: Settings, touch_point: str) -> str:
    """A touch point belongs to a channel."""
    point = next((one for one in settings.touch_points if one.code == touch_point), None)
    return (point.source if point else "") or WALKED_IN
