"""Why a line costs more or less than a moment ago, after something was added to the basket or taken out."""

from __future__ import annotations

from typing import Literal

from guide_app.domain.pricing.priced import Priced, Reduction, Step, Why
from guide_app.domain.records.base import Part

Code = Literal["given", "moved", "shared", "gone"]


class Change(Part, frozen=True):
    """What one cause takes off a line more (`amount` > 0) or less (< 0) than before, in minor units.

    `given`: it takes off more; `moved`: it holds for other pieces now; `shared`: it is spread over what is left of
    other lines too; `gone`: it does not apply any more, for the reason `why` where one is known.
    """

    line_id: str
    source_id: str
    kind: str
    code: Code
    amount: int
    why: Why | None = None


def changes(before: Priced, after: Priced) -> tuple[Change, ...]:
    """For each line that is in both with the same pieces: its changes, which add up to what it costs less."""
    earlier = {line.line_id: line for line in before.lines}
    reasons = {one.source_id: one.why for one in after.not_applied}
    applied = {_key(one) for line in after.lines for one in line.reductions}
    found: list[Change] = []
    for line in after.lines:
        old = earlier.get(line.line_id)
        if old is None or (old.qty, old.price) != (line.qty, line.price):
            continue
        was, now = _by_cause(old.reductions), _by_cause(line.reductions)
        for key in sorted({**was, **now}):
            amount = now.get(key, 0) - was.get(key, 0)
            if amount:
                step, kind, source_id = key
                code = _code(amount, key in applied, step)
                why = reasons.get(source_id) if code == "gone" else None
                found.append(
                    Change(line_id=line.line_id, source_id=source_id, kind=kind, code=code, amount=amount, why=why)
                )
    return tuple(found)


def _key(one: Reduction) -> tuple[int, str, str]:
    return int(one.step), one.kind, one.source_id


def _by_cause(reductions: tuple[Reduction, ...]) -> dict[tuple[int, str, str], int]:
    sums: dict[tuple[int, str, str], int] = {}
    for one in reductions:
        sums[_key(one)] = sums.get(_key(one), 0) + one.amount
    return sums


def _code(amount: int, applies: bool, step: int) -> Code:
    if amount > 0:
        return "given"
    if not applies:
        return "gone"
    return "moved" if step <= Step.PIECES else "shared"
