"""The preview of a film really plays it in a browser, range by range, with its poster and by the keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Response

from tests.e2e.browser import DESK, chromium
from tests.e2e.library_desk import LIST, apart, console, looked_at, person
from tests.integration.test_hq_library import Desk, only
from tests.real_films import real

__all__ = ["console"]
SECONDS = 30
FIRST = "document.querySelector('video')"


def film_of(content: bytes) -> Any:
    """A material that is this film, and nothing else."""
    chen = Desk("chen")
    assert chen.write(brought=[f"u:{chen.bring(content, 'wash.mp4')['id']}"]).status_code == 302
    return only()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_preview_plays_the_film(
    console: str, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hq.library import sending

    content = real(length=10 * SECONDS)
    monkeypatch.setattr(sending, "PIECE", len(content) // 6)
    material = apart(lambda: film_of(content))
    heard: list[Response] = []

    def hear(answer: Response) -> None:
        heard.append(answer)

    with chromium(tmp_path) as browser:
        page, wrong = person(browser, console, language, DESK, "wang")
        page.on("response", hear)
        page.goto(f"{console}{LIST}{material.pk}/preview/")
        page.wait_for_function(f"{FIRST}.readyState >= 1")
        assert round(page.evaluate(f"{FIRST}.duration")) == SECONDS
        assert page.evaluate(f"{FIRST}.paused"), "nothing plays by itself"
        poster = page.evaluate(f"{FIRST}.poster")
        assert [one.status for one in heard if one.url == poster] == [200]
        looked_at(page, f"hq-material-film-{language}")
        page.locator("video").first.focus()
        page.keyboard.press("Space")
        page.wait_for_function(f"{FIRST}.currentTime > 0.5")
        then = page.evaluate(f"{FIRST}.currentTime")
        page.wait_for_function(f"(then) => {FIRST}.currentTime > then + 0.5", arg=then)
        page.evaluate(f"{FIRST}.currentTime = {SECONDS - 5}")
        page.wait_for_function(f"{FIRST}.currentTime > {SECONDS - 4}")
        assert page.evaluate(f"{FIRST}.error") is None
        page.screenshot(path=tmp_path / "playing.png")
        address = page.evaluate(f"{FIRST}.currentSrc")
    parts = [one for one in heard if one.url == address]
    assert {one.status for one in parts} == {206}
    assert len(parts) > 3, "one piece after the other"
    assert wrong == []
