"""The machine's table as docs/architecture.md shows it: `python -m tests.unit.sync.machine_table` writes it there."""

from __future__ import annotations

from pathlib import Path

from sync.machine import PHASES, TABLE, Cell

BEGIN, END = "<!-- the machine's table: begin -->", "<!-- the machine's table: end -->"
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "architecture.md"


def table() -> str:
    """Events × phases, then what each cell does, in Markdown."""
    events = list(TABLE[PHASES[0]])
    lines = [_line("event", *PHASES), _line(*["---"] * (len(PHASES) + 1))]
    lines += [_line(event.__name__, *(_name(TABLE[phase][event]) for phase in PHASES)) for event in events]
    cells = {_name(TABLE[phase][event]): TABLE[phase][event] for event in events for phase in PHASES}
    lines += ["", _line("cell", "does"), _line("---", "---")]
    lines += [_line(name, (cell.__doc__ or "").strip()) for name, cell in cells.items() if name != "·"]
    return "\n".join(lines) + "\n"


def _name(cell: Cell) -> str:
    name = cell.__name__.strip("_").replace("_", " ")
    return "·" if name == "ignore" else name


def _line(*columns: str) -> str:
    return f"| {' | '.join(columns)} |"


def write() -> None:
    """Puts the table between the marks."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    write()
