"""Files are dragged onto the form, many at once; a line that breaks costs no more than the piece that was on it."""

from __future__ import annotations

import base64
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.browser import DESK, PHONE, chromium
from tests.e2e.library_desk import LIST, apart, console, looked_at, person
from tests.e2e.link import Link
from tests.hostile_files import PAGE, picture

__all__ = ["console"]
MANY = 12
CARRY = """(files) => {
    const carried = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        carried.items.add(new File([bytes], name));
    }
    window.carried = carried;
}"""
DRAG = """(kind) => {
    const event = new DragEvent(kind, { dataTransfer: window.carried, bubbles: true, cancelable: true });
    const taken = !document.querySelector(".library-drop").dispatchEvent(event);
    return [taken, document.querySelector(".library-drop").classList.contains("library-over")];
}"""
ON_THE_WAY = ".library-coming li:not(.library-refused)"
BROKE = {"en": "The line broke off", "zh-hans": "网络中断"}


class Taken:
    """What HQ took of the file that is brought, piece by piece; `at_piece` is called before that one is answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from hq.files import uploads

        self.pieces: list[tuple[int, int]] = []
        self.breaks: dict[int, Any] = {}
        take = uploads.take

        def taken(upload_id: str, at: int, piece: bytes, by: str) -> Any:
            told = take(upload_id, at, piece, by)
            self.pieces.append((at, len(piece)))
            if cut := self.breaks.pop(len(self.pieces), None):
                cut()
            return told

        monkeypatch.setattr(uploads, "take", taken)


def until_there(page: Page, count: int) -> None:
    """HQ makes the pictures of what came, until so many stand in the form."""
    from hq.files import jobs

    for _round in range(60):
        apart(jobs.run_queued)
        if page.locator(".library-pages li").count() == count and not page.locator(ON_THE_WAY).count():
            return
        page.wait_for_timeout(500)
    assert page.locator(".library-pages li").count() == count


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESK), ("en", PHONE)])
def test_many_files_are_dragged_onto_the_form_at_once(
    console: str, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    files = [[f"{number:02}.png", base64.b64encode(picture("PNG", 200 + number, 100)).decode()]
             for number in range(1, MANY + 1)]  # fmt: skip
    files.insert(5, ["poster.jpg", base64.b64encode(PAGE).decode()])
    with chromium(tmp_path) as browser:
        page, wrong = person(browser, console, language, size, "lin")
        page.goto(f"{console}{LIST}add/")
        page.evaluate(CARRY, files)
        assert page.evaluate(DRAG, "dragenter") == [True, True], "it shows that they can be dropped here"
        assert page.evaluate(DRAG, "dragleave")[1] is False
        page.evaluate(DRAG, "dragover")
        assert page.evaluate(DRAG, "drop") == [True, False], "the browser does not leave the page for the file"
        until_there(page, MANY)
        names = page.locator(".library-pages .library-name").all_inner_texts()
        assert sorted(names) == sorted(name for name, _content in files if name != "poster.jpg")
        assert "poster.jpg" in page.inner_text(".library-coming li.library-refused"), "the others came all the same"
        assert page.locator(".library-coming li.library-refused button").count() == 0, "there is nothing to stop"
        looked_at(page, f"hq-material-many-{language}")
        for name, words in (("title_zh", "冬季"), ("title_en", "Winter")):
            page.fill(f"#id_{name}", words)
        page.click("[name=_save]")
        page.wait_for_selector("table")
    assert apart(pages_saved) == MANY
    assert wrong == []


def pages_saved() -> int:
    from hq.materials.models import MaterialVersion

    return len({file["page"] for file in MaterialVersion.objects.get().says["files"] if file["role"] == "page"})


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_line_that_breaks_goes_on_where_it_was(
    console: str, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.png"
    Image.frombytes("RGB", (1500, 1300), random.Random(7).randbytes(3 * 1500 * 1300)).save(large)
    size, link, taken = large.stat().st_size, Link(), Taken(monkeypatch)
    assert size > 5 << 20, "several pieces"
    link.to(int(console.rsplit(":", 1)[1]))
    link.up()
    taken.breaks = {2: link.down, 4: link.down}
    with chromium(tmp_path) as browser:
        page, wrong = person(browser, link.url, language, DESK, "lin")
        page.goto(f"{link.url}{LIST}add/")
        page.set_input_files("#id_brought", large)
        page.wait_for_selector(f".library-why:has-text('{BROKE[language]}')")
        looked_at(page, f"hq-material-broke-off-{language}")
        assert len(taken.pieces) == 2, "the second was taken, and its answer lost"
        link.up()
        while len(taken.pieces) < 4:
            page.wait_for_timeout(200)
        page.wait_for_selector(f".library-why:has-text('{BROKE[language]}')")
        link.up()
        page.reload()  # as after a restart of the browser: it knows nothing, HQ has four pieces
        page.set_input_files("#id_brought", large)
        until_there(page, 1)
    link.close()
    ends = [at + length for at, length in taken.pieces]
    assert [at for at, _length in taken.pieces] == [0, *ends[:-1]], "nothing came twice"
    assert ends[-1] == size
    assert all("ERR_" in one for one in wrong), wrong
