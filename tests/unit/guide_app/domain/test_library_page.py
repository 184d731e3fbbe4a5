"""Every worked example of docs/library.md comes out as it says, and its table is the rules' own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from guide_app.domain import materials
from guide_app.domain.errors import Refused
from guide_app.domain.materials import DEEDS, STATES, Actor, Deed, Moment, Reach, State
from guide_app.domain.records import Material, MaterialFile, Names

PAGE = (Path(__file__).parents[4] / "docs" / "library.md").read_text(encoding="utf-8")
EXAMPLES = [tomllib.loads(block) for block in re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)]
BOTH = {"may_write": True, "may_publish": True}
BLANK = Material(material="0" * 8 + "-0000-7000-8000-" + "0" * 12, version=1, kind="text", title=Names(en="A", zh="甲"))


def becomes(state: State, deed: Deed, who: Actor, *, wrote: tuple[str, ...] = (), reviewed: bool = True) -> str:
    try:
        return materials.after(state, deed, who, wrote=wrote, reviewed=reviewed)
    except Refused as refused:
        return refused.code


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["title"]))
def test_it_comes_out_as_the_page_says(example: dict[str, Any]) -> None:
    if "becomes" in example:
        wrote = tuple(example["wrote"])
        found = {who: becomes(example["state"], example["deed"], Actor(who, **BOTH), wrote=wrote)
                 for who in example["becomes"]}  # fmt: skip
        assert found == example["becomes"]
    elif "feeds" in example:
        named = {name: tuple(example.get(name, ())) for name in ("regions", "stores", "franchises")}
        feeds = materials.targets(Reach(**named), example["region_of"], example.get("franchise_of", {}))
        assert sorted(f"{feed.kind} {feed.id}" for feed in feeds) == example["feeds"]
    elif "shown" in example:
        said = msgspec.convert({**msgspec.to_builtins(BLANK), **example["material"]}, Material)
        for asked in example["shown"]:
            at = Moment(asked["now"], asked.get("heard", ""))
            assert materials.why_not(said, asked.get("role", "guide"), at) == asked["why_not"]
    else:
        files = msgspec.convert(example["files"], list[MaterialFile])
        assert materials.file_list(example["id"], example["version"], files).decode() == example["signed"]


def test_the_page_has_an_example_of_every_rule() -> None:
    assert len(EXAMPLES) == 6


def _rows() -> list[list[str]]:
    table = PAGE[PAGE.index("| from | deed |") :].partition("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_the_table_has_every_step_and_no_other() -> None:
    """With all rights, and nothing of it written by oneself."""
    who = Actor("chen", **BOTH)
    told = {(row[0].replace(" ", "_"), row[1].replace(" ", "_")): row[2].replace(" ", "_") for row in _rows()}
    for state in STATES:
        for deed in DEEDS:
            found = becomes(state, deed, who, reviewed=(state, deed) != ("draft", "publish"))
            assert found == told.get((state, deed), "material_state")


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row[0]}: {row[1]}")
def test_who_has_not_the_right_of_the_table_is_refused(row: list[str]) -> None:
    state, deed = cast("State", row[0].replace(" ", "_")), cast("Deed", row[1].replace(" ", "_"))
    writer, publisher = Actor("a", may_write=True, may_publish=False), Actor("b", may_write=False, may_publish=True)
    may, must_not = (writer, publisher) if "may write" in row[3] else (publisher, writer)
    assert becomes(state, deed, must_not, reviewed=False) == "material_right"
    assert becomes(state, deed, may, reviewed=False) == row[2].replace(" ", "_")
