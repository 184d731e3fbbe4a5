"""What a proof tells at its end."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Summary:
    """The counts of a run, its violations (nothing else makes it fail), and its control: what had to go wrong and did.

    `control` is "" where the proof has none; `control_held` is then True.
    """

    name: str
    counts: dict[str, int]
    violations: tuple[str, ...] = ()
    control: str = ""
    control_held: bool = True
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not self.violations and self.control_held

    def __str__(self) -> str:
        lines = [f"{self.name}: {'passed' if self.passed else 'FAILED'} in {self.seconds:.0f} s"]
        lines += [f"  {count:>9,} {what}" for what, count in self.counts.items()]
        lines += [f"  control: {self.control}{'' if self.control_held else ' - it did not'}"] if self.control else []
        lines += [f"  {note}" for note in self.notes]
        lines.append(f"  violations: {len(self.violations)}")
        return "\n".join([*lines, *(f"    {one}" for one in self.violations[:20])])
