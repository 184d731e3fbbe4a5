"""The table of features in docs/pages.md: each names a page, tests that there are, and pictures that a test takes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.qt.doc_pictures import SHOWN, UPRIGHT

ROOT = Path(__file__).resolve().parents[2]
FEATURES = (
    "M1",
    "M2",
    "M3",
    "M4",
    "M5",
    "M7",
    "M9",
    "M11",
    "I1",
    "I2",
    "I3",
    "I4",
    "I5",
    "O1 ",
    "O5",
    "O8",
    "O9",
    "O2",
    "O3",
    "O4",
    "O10",
    "O12",
    "K3",
    "L1",
    "L3",
    "L4",
    "L6",
    "Day's close",
    "Promises",
    "The frame",
)


def rows() -> list[list[str]]:
    text = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    section = text.split("## What each feature stands on")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_feature_has_its_row() -> None:
    told = [feature for feature, *_ in rows()]
    assert [row for row in told if not row.startswith(FEATURES)] == []
    assert [name for name in FEATURES if not any(row.startswith(name) for row in told)] == []
    assert all(page for _, page, *_ in rows())


def test_every_test_that_is_named_exists() -> None:
    missing = []
    for feature, _page, proofs, _picture in rows():
        assert named(proofs), f"{feature} is not proved"
        for proof in named(proofs):
            path, *names = proof.split("::")
            source = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
            found = all(re.search(rf"(def|class) {name}\b", source) for name in names)
            missing += [] if source and found and "def test_" in source else [proof]
    assert missing == []


def test_every_picture_that_is_named_is_taken_by_a_page_test() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "qt").glob("test_*.py"))
    taken = set(re.findall(r'"([A-Z][A-Za-z]+)"', sources))
    for feature, _page, _proofs, picture in rows():
        assert named(picture), f"{feature} has no picture"
        assert set(named(picture)) <= taken, feature


def test_every_picture_that_a_row_shows_is_made_of_that_page_in_both_languages() -> None:
    for feature, _page, _proofs, cell in rows():
        for page, name in re.findall(r"\[`([A-Za-z]+)`\]\(pictures/([\w-]+)-en\.png\)", cell):
            assert SHOWN.get(page) == name, feature


def test_pictures_of_pages_lie_there_in_both_languages() -> None:
    names = [*SHOWN.values(), *UPRIGHT.values()]
    shown = [ROOT / "docs" / "pictures" / f"{name}-{language}.png" for name in names for language in ("en", "zh_CN")]
    assert [path.name for path in shown if not path.is_file()] == []


def test_what_is_said_of_portrait_is_shown() -> None:
    text = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    assert [name for name in UPRIGHT.values() if f"(pictures/{name}-en.png)" not in text] == []
