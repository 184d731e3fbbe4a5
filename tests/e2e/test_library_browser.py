"""The library in a real browser: files are dropped and put in order, a second person looks at it and publishes it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page

from tests.e2e.browser import DESK, PHONE, chromium
from tests.e2e.library_desk import LIST, apart, console, entered, looked_at, person
from tests.hostile_files import PAGE, picture

__all__ = ["console"]
DROP = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name));
    const event = new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true });
    document.querySelector(".library-drop").dispatchEvent(event);
}"""
WORDS = {
    "title_zh": "冬季护肤",
    "title_en": "Winter skin",
    "text_zh": "{name}，先洗后抹。",
    "text_en": "{name}, wash first.",
}
REFUSED = {"en": "is a web page", "zh-hans": "是网页"}


def brought(page: Page, language: str) -> list[str]:
    """Two files by the keyboard, one dropped, one that is none of these; their names in the order that is saved."""
    from hq.files import jobs

    with page.expect_file_chooser() as asked:
        entered(page, "#id_brought")
    pictures: list[FilePayload] = [
        {"name": f"{number}.png", "mimeType": "image/png", "buffer": picture("PNG", 300 + 20 * number, 200)}
        for number in (1, 2)
    ]
    asked.value.set_files(pictures)
    page.evaluate(DROP, ["3.png", base64.b64encode(picture("PNG", 400, 200)).decode()])
    page.evaluate(DROP, ["poster.jpg", base64.b64encode(PAGE).decode()])
    page.wait_for_selector(f".library-refused:has-text('{REFUSED[language]}')")
    for _round in range(20):
        apart(jobs.run_queued)
        if page.locator(".library-pages li").count() == 3:
            break
        page.wait_for_timeout(500)
    assert page.locator(".library-pages li").count() == 3
    entered(page, ".library-earlier", 2)
    entered(page, ".library-earlier", 1)
    names = page.locator(".library-pages .library-name").all_inner_texts()
    focused = page.evaluate("document.activeElement.className")
    assert focused == "library-earlier", "the focus goes with the page"
    return [str(name) for name in names]


@pytest.mark.parametrize(("language", "size", "width"), [("en", DESK, "desk"), ("zh-hans", PHONE, "phone")])
def test_files_are_brought_and_ordered_and_a_second_person_publishes_them(
    console: str, tmp_path: Path, language: str, size: tuple[int, int], width: str
) -> None:
    from hq.materials.models import MaterialPlace, MaterialVersion

    kept = f"{language}-{width}"
    with chromium(tmp_path) as browser:
        page, wrong = person(browser, console, language, size, "lin")
        page.goto(f"{console}{LIST}add/")
        for name, words in WORDS.items():
            page.fill(f"#id_{name}", words)
        names = brought(page, language)
        page.wait_for_selector("#library-reach:has-text('1')")
        looked_at(page, f"hq-material-{kept}")
        entered(page, "[name=_save]")
        page.wait_for_selector("#result_list, .result-list, table")
        version: Any = apart(MaterialVersion.objects.get)
        pages = [file for file in version.says["files"] if file["role"] == "page"]
        widths = {file["page"]: file["width"] for file in pages}
        assert [widths[number] for number in (1, 2, 3)] == [
            {"1.png": 320, "2.png": 340, "3.png": 400}[name] for name in names
        ]
        looked_at(page, f"hq-materials-{kept}")
        row = f"{console}{LIST}{version.material_id}"
        page.goto(f"{row}/submit/")
        entered(page, ".console-ask [type=submit]")
        page.wait_for_selector("[role=status]")
        second, also_wrong = person(browser, console, language, size, "wang")
        second.goto(f"{console}{LIST}?state=in_review")
        assert (WORDS["title_en"] if language == "en" else WORDS["title_zh"]) in second.content()
        second.goto(f"{row}/compare/")
        looked_at(second, f"hq-material-review-{kept}")
        second.goto(f"{row}/preview/")
        looked_at(second, f"hq-material-preview-{kept}")
        second.goto(f"{row}/publish/")
        entered(second, ".console-ask [type=submit]")
        second.wait_for_selector("[role=status]")
        assert apart(MaterialPlace.objects.count) == 1, "it stands in the chain's feed"
        second.goto(f"{row}/versions/")
        assert "wang" in second.inner_text("table")
        looked_at(second, f"hq-material-versions-{kept}")
    assert wrong == []
    assert also_wrong == []
