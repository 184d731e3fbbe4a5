"""The error tree of Store Guide: two families, so that every error is either told to a person or reported as our bug.

GuideError
├── EnvironmentProblem      the world's fault: told to the person, in words that say what to do
│   ├── NotSaved            the disk is full or failed; what was typed is kept on the screen
│   ├── NoNetwork           HQ cannot be reached, or what answered was not HQ
│   ├── StoreUnusable       the tablet's database is damaged, newer than the app, or its key is gone
│   ├── NotPrinted          the paper did not come out, or not whole; what was printed about is untouched
│   ├── Refused             a rule of the trade or a right forbids it (code names the rule)
│   └── BadInput            what was typed or scanned cannot be used
└── Defect                  our bug: reported loudly, never shown as if it were the person's fault
"""

from __future__ import annotations


class GuideError(Exception):
    """Root of all errors that this product raises on purpose."""


class EnvironmentProblem(GuideError):
    """Something outside the program went wrong.

    ``code`` is stable and translated for the person; ``detail`` is for the log and never holds personal data.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class NotSaved(EnvironmentProblem):
    """The write was not committed; nothing changed."""


class NoNetwork(EnvironmentProblem):
    """HQ could not be reached, or the answer was not HQ's; nothing changed."""


class NotPrinted(EnvironmentProblem):
    """A printer could not be reached, or did not print to the end; nothing but the paper is concerned."""


class StoreUnusable(EnvironmentProblem):
    """The tablet's database cannot be opened as it is."""


class Refused(EnvironmentProblem):
    """A rule of the trade or a missing right forbids the action."""


class BadInput(EnvironmentProblem):
    """What was typed or scanned cannot be used; ``code`` says why."""


class Defect(GuideError):
    """A state that our own code must never reach."""
