"""A tablet as its own process on a screen, worked by hand through `hands`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from tests.e2e.hands import ANSWER

PATIENCE_S = 30.0
CRASHES = {"PYTHONFAULTHANDLER": "1"}
"""Where it was when it crashed stands in its log."""
WORDS = 60
"""Lines of the log that are shown when it ended."""


class Tablet:
    """One tablet process with its data folder. `environment` carries the screen and the product's settings."""

    def __init__(self, name: str, data: Path, environment: Mapping[str, str], *arguments: str) -> None:
        self.name, self._data, self._arguments = name, data, arguments
        self._environment = {**os.environ, **environment, "GUIDE_DATA": str(data), "PYTHONUNBUFFERED": "1", **CRASHES}
        self._process: subprocess.Popen[str] | None = None
        self.log = data.with_suffix(".log")

    def start(self) -> float:
        """Starts the app; returns the seconds until its window answers."""
        began = time.monotonic()
        self._data.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.driven", *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment,
            )
        self._ask("texts")
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL, as when the battery falls out."""
        self._stop(signal.SIGKILL)

    def close(self) -> None:
        """Ends it as the system does at shutdown. Raises AssertionError when it does not end well."""
        code = self._stop(signal.SIGTERM)
        assert code == 0, f"{self.name} ended with {code}; see {self.log.name}"

    def ended(self) -> int:
        """Waits until the app has ended by itself; its exit code."""
        assert self._process is not None
        self._process.wait(PATIENCE_S)
        return self._stop(signal.SIGTERM)

    @property
    def pid(self) -> int:
        """The process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def click(self, name: str, nth: int = 0) -> None:
        """Clicks a control, waiting until it is there."""
        self._until(lambda: self._ask("click", name=name, nth=nth), f"{name!r} to click")

    def type(self, text: str) -> None:
        """Types text where the focus is."""
        self._must(self._ask("type", text=text))

    def key(self, key: str) -> None:
        """Presses one key: Enter, Tab, Escape, Back."""
        self._must(self._ask("key", key=key))

    def scan(self, code: str) -> None:
        """What a keyboard-wedge scanner does, after a moment in which nobody types."""
        time.sleep(0.1)
        self._must(self._ask("type", text=code))
        self.key("Enter")

    def wait_for(self, text: str, patience_s: float = PATIENCE_S) -> None:
        """Waits until a text or a control can be seen."""
        self._until(lambda: self._sees(text), f"{text!r} to be seen", patience_s)

    def wait_gone(self, text: str, patience_s: float = PATIENCE_S) -> None:
        """Waits until it cannot be seen any more."""
        self._until(lambda: {"ok": not self._sees(text)["ok"]}, f"{text!r} to go", patience_s)

    def wait_for_any(self, texts: Sequence[str], patience_s: float = PATIENCE_S) -> None:
        """Waits until one of them can be seen."""
        self._until(lambda: {"ok": any(self.sees(text) for text in texts)}, f"one of {texts}", patience_s)

    def wait_count(self, name: str, count: int, patience_s: float = PATIENCE_S) -> None:
        """Waits until so many controls of a name can be seen."""
        self._until(lambda: {"ok": self.count(name) == count}, f"{count} × {name!r}", patience_s)

    def wait_text(self, name: str, start: str, patience_s: float = PATIENCE_S) -> None:
        """Waits until the text of one item begins so."""
        self._until(lambda: {"ok": self.text_of(name).startswith(start)}, f"{name!r} to say {start!r} …", patience_s)

    def count(self, name: str) -> int:
        """How many controls of a name can be seen."""
        return cast("int", self._must(self._ask("count", name=name)))

    def text_of(self, name: str) -> str:
        """The text of one item."""
        return cast("str", self._must(self._ask("text", name=name)))

    def sees(self, text: str) -> bool:
        """Whether a text or a control can be seen now."""
        return bool(self._sees(text)["ok"])

    def texts(self) -> list[str]:
        """All text that can be seen."""
        return cast("list[str]", self._must(self._ask("texts")))

    def names(self) -> list[str]:
        """All controls that can be seen."""
        return cast("list[str]", self._must(self._ask("names")))

    def shot(self, path: Path) -> None:
        """Saves a picture."""
        path.parent.mkdir(parents=True, exist_ok=True)
        assert self._must(self._ask("shot", path=str(path))), f"no picture {path.name}"

    def size(self, width: int, height: int) -> None:
        """Turns the tablet or takes another one."""
        self._must(self._ask("size", width=width, height=height))

    def fail(self) -> None:
        """Makes the app make a mistake."""
        self._must(self._ask("fail"))

    def _sees(self, text: str) -> dict[str, Any]:
        answer = self._ask("sees", name=text)  # between two windows there is none to look at
        return {"ok": bool(answer["ok"] and answer["value"]), "error": answer.get("error", "")}

    def _must(self, answer: dict[str, Any]) -> Any:
        assert answer["ok"], answer.get("error")
        return answer.get("value")

    def _until(self, ask: Any, what: str, patience_s: float = PATIENCE_S) -> None:
        end = time.monotonic() + patience_s
        while not (answer := ask())["ok"]:
            if time.monotonic() > end:
                raise AssertionError(
                    f"{self.name} waited for {what}: {answer.get('error', '')}; it shows {self.texts()}"
                )
            time.sleep(0.05)

    def _ask(self, what: str, **arguments: Any) -> dict[str, Any]:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
            process.stdin.flush()
        for line in process.stdout:
            if line.startswith(ANSWER):
                return cast("dict[str, Any]", json.loads(line.removeprefix(ANSWER)))
        raise AssertionError(f"{self.name} ended with {process.wait()} when asked for {what}:\n{self._last_words()}")

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-WORDS:])

    def _stop(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        code = process.wait(20)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # it ended with something still to be read
                    pipe.close()
        return code
