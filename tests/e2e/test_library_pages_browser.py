"""Every page of the library on phone, tablet and desk: nothing for axe, nothing too wide, all of it by the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import DESK, PHONE, chromium
from tests.e2e.library_desk import LIST, apart, console, looked_at, person
from tests.hostile_files import picture
from tests.integration.test_hq_library import Desk
from tests.papers import paper
from tests.real_films import real

__all__ = ["console"]
TABLET = (820, 1180)
JOBS = "/admin/files/renditionjob/"
REACHABLE = """() => {
    const pressed = ["a[href]", "button", "input", "select", "textarea"].map((one) => `#main ${one}`).join(", ");
    const found = [...document.querySelectorAll(pressed)]
        .filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && one.type !== "radio"
            && one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1);
    found.forEach((one, number) => one.setAttribute("data-number", number));
    return found.map((one) => one.outerHTML.slice(0, 140));
}"""
FOCUSED = "document.activeElement.getAttribute('data-number')"


def materials() -> dict[str, str]:
    """Addresses of pages: pictures with a draft over what is published, a PDF in review, a film withdrawn, a text."""
    from hq.files.models import RenditionJob
    from hq.materials.models import Material

    chen, wei = Desk("chen"), Desk("wei")
    found: dict[str, Any] = {}
    for name, content, called in (
        ("pictures", picture("PNG", 300, 200), "wash.png"), ("paper", paper(pages=2), "wash.pdf"),
        ("film", real(), "wash.mp4"), ("text", b"", ""),
    ):  # fmt: skip
        brought = [f"u:{chen.bring(content, called)['id']}"] if content else []
        assert chen.write(brought=brought).status_code == 302
        found[name] = Material.objects.order_by("-made_at")[0]
        if name != "text":
            chen.do("submit", found[name])
        if name in ("pictures", "film"):
            wei.do("publish", found[name])
    chen.write(f"{LIST}{found['pictures'].pk}/change/", seen_ver="0", title_en="Winter hands", brought=["p:1"])
    chen.do("withdraw", found["film"], note="价格有误")
    chen.write(f"{LIST}{found['film'].pk}/change/", seen_ver="0", brought=["p:0"])
    job = RenditionJob.objects.order_by("queued_at")[0]
    RenditionJob.objects.filter(pk=job.pk).update(state="failed", why="picture_broken")
    pages = {name: f"{LIST}{one.pk}/" for name, one in found.items()}
    return {
        "list": LIST, "list-review": f"{LIST}?state=in_review", "list-none": f"{LIST}?q=nothing+is+called+so",
        "add": f"{LIST}add/", "change": f"{pages['pictures']}change/", "held": f"{pages['paper']}change/",
        "submit": f"{pages['text']}submit/", "publish": f"{pages['paper']}publish/",
        "send-back": f"{pages['paper']}send-back/", "withdraw": f"{pages['pictures']}withdraw/",
        "compare": f"{pages['pictures']}compare/", "compare-first": f"{pages['paper']}compare/",
        "preview": f"{pages['paper']}preview/", "preview-film": f"{pages['film']}preview/",
        "preview-text": f"{pages['text']}preview/", "versions": f"{pages['film']}versions/",
        "jobs": JOBS, "job": f"{JOBS}{job.pk}/change/", "job-again": f"{JOBS}{job.pk}/again/",
    }  # fmt: skip


def by_keyboard(page: Page, name: str) -> None:
    """Whatever can be pressed or filled in is come to by the Tab key."""
    there: list[str] = page.evaluate(REACHABLE)
    assert there, name
    come_to: set[int] = set()
    for _press in range(len(there) + 250):
        page.keyboard.press("Tab")
        number = page.evaluate(FOCUSED)
        if number is not None:
            come_to.add(int(number))
        if len(come_to) == len(there):
            return
    assert [one for number, one in enumerate(there) if number not in come_to] == [], name


@pytest.mark.parametrize(
    ("language", "size", "width"),
    [("zh-hans", DESK, "desk"), ("en", PHONE, "phone"), ("en", TABLET, "tablet"), ("zh-hans", TABLET, "tablet")],
)
def test_every_page_of_the_library(
    console: str, tmp_path: Path, language: str, size: tuple[int, int], width: str
) -> None:
    pages = apart(materials)
    with chromium(tmp_path) as browser:
        page, wrong = person(browser, console, language, size, "wang")
        for name, address in pages.items():
            answer = page.goto(f"{console}{address}")
            assert answer is not None
            assert answer.status == 200, name
            page.wait_for_load_state("networkidle")
            looked_at(page, f"library-{name}-{language}-{width}")
            if width != "tablet":  # the same elements as on the desk
                by_keyboard(page, name)
    assert wrong == []
