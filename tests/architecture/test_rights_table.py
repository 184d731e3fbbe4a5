"""The manual's table of rights is the code's."""

from __future__ import annotations

from pathlib import Path

from hq.rights.table import FEATURES, Feature, Role

BEGIN, END = "<!-- the table of rights: begin -->", "<!-- the table of rights: end -->"
_HEAD = (
    "| feature | kept as | look | add | change | delete | deeds, other pages and fields |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)


def table() -> str:
    """As it stands in the manual."""
    return "\n".join([*_HEAD, *(_row(label, one) for label, one in FEATURES.items())])


def _row(label: str, one: Feature) -> str:
    rest = {**one.pages, **{f"{name} (field)": letters for name, letters in one.extra.items()}}
    told = ", ".join(f"{name}: {_letters(letters)}" for name, letters in rest.items())
    cells = (label, one.kept.value, one.view, one.add or "·", one.change or "·", one.delete or "·", told or "·")
    return f"| {' | '.join(cells)} |"


def _letters(letters: str) -> str:
    return f"{letters.removesuffix('|')} look" if letters.endswith("|") else letters


def test_the_manual_has_the_table_of_rights(root: Path) -> None:
    manual = (root / "docs" / "hq-manual.md").read_text(encoding="utf-8")
    told = manual.partition(BEGIN)[2].partition(END)[0].strip()
    assert told == table(), f"docs/hq-manual.md should have:\n{table()}"


def test_every_letter_is_a_role() -> None:
    for label, one in FEATURES.items():
        letters = "".join([one.view, one.add, one.change, one.delete, *one.pages.values(), *one.extra.values()])
        assert set(letters) <= {role.value for role in Role} | {"|"}, label
        assert set(one.add + one.change + one.delete) <= set(one.view), f"{label}: who may write may look"
        assert "A" not in one.add + one.change + one.delete, f"{label}: an auditor writes nothing"
