"""What must not be committed: addresses of package registries, folders of one's own machine, a key or a password."""

import re
from pathlib import Path

import pytest

# Written in halves so that this file does not find itself.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "crates" + ".io",
    "/sim" + "ple/",
)
FORBIDDEN = {
    "the address of a package registry": re.compile("|".join(map(re.escape, REGISTRIES))),
    "an option that names a package index": re.compile(r"--(?:extra-)?index" + r"-url\s*[=\s]\s*\S*[/.]"),
    "a folder of one machine": re.compile(r"(?<![\w./:-])/(?:wor" + r"k|roo" + r"t|hom" + r"e/\w+|User" + r"s/\w+)/"),
    "a private key": re.compile("BEGIN (?:[A-Z]+ )?PRIVATE" + " KEY"),
}


def text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str, root: Path, tracked: tuple[Path, ...]) -> None:
    found = [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path in tracked
        if (text := text_of(root / path)) is not None
        for match in FORBIDDEN[what].finditer(text)
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_every_pin_has_a_hash(root: Path) -> None:
    for path in (root / "requirements").glob("*.txt"):
        for block in re.split(r"\n(?=\S)", path.read_text()):
            assert "--hash=sha256:" in block or block.startswith("#") or not block.strip(), f"{path.name}: {block[:60]}"


def test_nothing_is_left_for_later(root: Path, tracked: tuple[Path, ...]) -> None:
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b|pytest\.mark\.(?:sk" + r"ip|xf" + r"ail)")
    ours = [path for path in tracked if path.suffix in {".py", ".qml", ".js", ".sh"} or path.name == "Makefile"]
    found = [str(path) for path in ours if marks.search((root / path).read_text(encoding="utf-8"))]
    assert not found
