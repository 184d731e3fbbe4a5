"""All that was measured last, as the table that `docs/benchmarks.md` keeps; `make bench` ends with it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from benchmarks.harness import FOLDER, Figure, Report, met


def main() -> None:
    """Prints the table as Markdown."""
    reports = [msgspec.json.decode(path.read_bytes(), type=Report) for path in sorted(FOLDER.glob("*.json"))]
    print("| benchmark | what | median | min … max | runs |\n| --- | --- | --- | --- | --- |")
    for report in reports:
        for line in _lines(report):
            print(line)


def _lines(report: Report) -> Iterator[str]:
    name = f"`{report.name}` {report.when[:16]}Z"
    for what, figure in report.figures.items():
        yield _figure(name, what, figure)
        name = ""
    for what, figure in report.baselines.items():
        yield _figure("", f"*baseline:* {what}", figure)
    for what, ratio in report.ratios.items():
        goal = f"{ratio.wanted}: {'met' if met(ratio) else '**missed**'}" if ratio.wanted else ""
        yield f"| | **ratio:** {what} | **{ratio.value:.2f} ×** | {goal} | |"


def _figure(name: str, what: str, figure: Figure) -> str:
    spread = f"{_number(figure.min)} … {_number(figure.max)}" if figure.runs > 1 else ""
    return f"| {name} | {what} | {_number(figure.median)} {figure.unit} | {spread} | {figure.runs} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:,.3g}"


if __name__ == "__main__":
    main()
