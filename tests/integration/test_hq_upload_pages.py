"""Files brought over HTTP with a session, and what travels of them once a material is made of them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from guide_app.domain import materials
from guide_app.domain.errors import Refused
from guide_app.domain.records import Material, Names
from tests.films import Maker
from tests.hostile_files import PAGE, picture
from tests.papers import paper
from tests.real_films import real

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # Django logs every refusal
BEGIN = "/library/uploads"


@pytest.fixture(autouse=True)
def _folder(hq_database: str, tmp_path: Path) -> Iterator[None]:
    from django.conf import settings

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files")
    yield
    settings.ENVIRONMENT = before


class Browser:
    """Somebody at the console."""

    def __init__(self, name: str = "lin", *, may: bool = True, language: str = "en", checks: bool = False) -> None:
        from django.test import Client

        from tests.console_people import person

        self.client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE=language, enforce_csrf_checks=checks)
        self.client.force_login(person(name, "O" if may else "A"))

    def begin(self, content: bytes, name: str = "winter.jpg") -> Any:
        told = {"name": name, "size": len(content), "mark": hashlib.sha256(content).hexdigest()}
        return self.client.post(BEGIN, json.dumps(told), content_type="application/json")

    def put(self, upload: str, at: object, piece: bytes) -> Any:
        return self.client.put(f"{BEGIN}/{upload}?at={at}", piece, content_type="application/octet-stream")

    def bring(self, content: bytes, name: str = "winter.jpg") -> dict[str, Any]:
        """All of it, and the pictures that HQ makes of it."""
        from hq.files import jobs

        told = self.begin(content, name).json()
        while told["state"] == "coming":
            at = told["received"]
            told = self.put(told["id"], at, content[at : at + 4000]).json()
        jobs.run_queued()
        return dict(told)


def test_a_file_is_brought_in_pieces_asked_after_and_gone_on_with() -> None:
    browser, content = Browser(), picture("PNG", 200, 100)
    begun = browser.begin(content).json()
    half = browser.put(begun["id"], 0, content[:5000]).json()
    assert (half["state"], half["received"], half["size"]) == ("coming", 5000, len(content))
    assert browser.client.get(f"{BEGIN}/{begun['id']}").json() == half == browser.begin(content).json()
    assert browser.put(begun["id"], 9999, b"too early").json()["received"] == 5000
    done = browser.put(begun["id"], 5000, content[5000:]).json()
    assert (done["state"], done["kind"], done["name"]) == ("taken", "image", "winter.jpg")
    assert browser.client.delete(f"{BEGIN}/{begun['id']}").status_code == 204
    assert browser.client.get(f"{BEGIN}/{begun['id']}").status_code == 404


@pytest.mark.parametrize(("language", "said"), [("en", "is a web page"), ("zh-hans", "是网页")])
def test_what_is_refused_is_said_why_in_the_page_s_language(language: str, said: str) -> None:
    told = Browser(language=language).bring(PAGE, "winter.jpg")
    assert told["state"] == "refused"
    assert said in told["why"]
    assert "winter.jpg" in told["why"]


def test_a_file_that_is_too_large_is_refused_before_any_of_it_came() -> None:
    answer = Browser().client.post(
        BEGIN, json.dumps({"name": "long.mp4", "size": 2**40, "mark": "m"}), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_large")
    assert "500 MB" in answer.json()["why"]


NOTHINGS = (b"", b"{}", b"[]", b'{"name": "a", "size": -1, "mark": "m"}', b'{"name": "a", "size": 1')


@pytest.mark.parametrize("body", NOTHINGS)
def test_what_is_no_beginning_is_none(body: bytes) -> None:
    assert Browser().client.post(BEGIN, body, content_type="application/json").status_code == 400


def test_a_place_that_is_none_is_none() -> None:
    browser = Browser()
    begun = browser.begin(b"Wash, cream").json()
    for at in ("", "-1", "1e3", "٣", "9" * 20):
        assert browser.put(begun["id"], at, b"x").status_code == 400


def test_nobody_brings_files_without_the_right_the_session_or_the_token() -> None:
    from django.test import Client

    content = picture("JPEG")
    begun = Browser().begin(content).json()["id"]
    assert Client(SERVER_NAME="localhost").get(f"{BEGIN}/{begun}").status_code == 403
    clerk, other, forged = Browser("clerk", may=False), Browser("wang"), Browser("chen", checks=True)
    assert {clerk.begin(content).status_code, clerk.put(begun, 0, content).status_code} == {403}
    assert other.put(begun, 0, content).status_code == 404
    assert forged.begin(content).status_code == 403


def test_pictures_become_pages_drawn_anew_in_their_order() -> None:
    from hq.files.services import blobs
    from hq.materials import making

    browser = Browser()
    brought = [browser.bring(picture("JPEG", 2000, 1000)), browser.bring(picture("PNG", 300, 600))]
    kind, files = making.files_of([one["id"] for one in brought], "lin")
    told = [(file.role, file.page, file.width, file.height, file.type) for file in files]
    assert (kind, told) == ("image", [
        ("page", 1, 1280, 640, "image/webp"), ("page", 1, 1920, 960, "image/webp"), ("thumb", 1, 160, 80, "image/webp"),
        ("page", 2, 300, 600, "image/webp"), ("thumb", 2, 80, 160, "image/webp"),
    ])  # fmt: skip
    for file in files:
        content = b"".join(blobs().read(file.sha256))
        assert len(content) == file.bytes
        assert Image.open(io.BytesIO(content)).size == (file.width, file.height)


def test_a_film_comes_with_the_picture_that_stands_for_it_and_can_be_published() -> None:
    from guide_app.domain.materials import Actor, Reach
    from hq.materials import making, services
    from hq.protocol.models import FeedRow

    browser = Browser()
    film, poster = browser.bring(Maker(seconds=40).film(), "film.mp4"), browser.bring(picture("JPEG", 640, 360))
    kind, files = making.files_of([film["id"], poster["id"]], "lin")
    says = Material(
        material="00000000-0000-0000-0000-000000000000", version=1, kind=kind, title=Names(en="Sizes", zh="选码"),
        files=files,
    )  # fmt: skip
    assert materials.flaw(says) == ""
    assert {(file.role, file.seconds) for file in files} == {("video", 40), ("poster", 0), ("thumb", 0)}
    version = services.write(says, Reach(), by=Actor("lin", may_write=True, may_publish=False))
    services.submit(str(version.id), by=Actor("lin", may_write=True, may_publish=False))
    services.publish(str(version.id), by=Actor("wang", may_write=False, may_publish=True))
    assert FeedRow.objects.filter(entity="material", op="put").count() == 1


def test_a_pdf_becomes_a_page_a_picture() -> None:
    from hq.materials import making

    told = Browser().bring(paper(pages=3), "winter.pdf")
    assert (told["state"], told["kind"], told["pages"]) == ("taken", "pdf", 3)
    kind, files = making.files_of([told["id"]], "lin")
    assert kind == "pdf"
    assert [(file.role, file.page, file.height) for file in files] == [
        (role, page, height) for page in (1, 2, 3) for role, height in (("page", 1280), ("page", 1920), ("thumb", 160))
    ]
    says = Material(
        material="00000000-0000-0000-0000-000000000000", version=1, kind=kind, title=Names(en="Winter", zh="冬"),
        files=files,
    )  # fmt: skip
    assert materials.flaw(says) == ""


def test_a_film_alone_brings_its_own_picture() -> None:
    from hq.materials import making

    told = Browser().bring(real(), "film.mp4")
    kind, files = making.files_of([told["id"]], "lin")
    assert (kind, [(file.role, file.width) for file in files]) == (
        "video", [("video", 640), ("poster", 640), ("thumb", 160)]
    )  # fmt: skip


def test_what_does_not_belong_together_is_refused() -> None:
    from hq.materials import making

    browser = Browser()
    film, words = browser.bring(Maker().film(), "film.mp4"), browser.bring("洗\r\n抹".encode(), "words.txt")
    page = browser.bring(picture("JPEG"))
    for mixed in ([], [film["id"], film["id"]], [film["id"], page["id"], page["id"]], [page["id"], words["id"]]):
        with pytest.raises(Refused, match="material_mixed"):
            making.files_of(mixed, "lin")
    with pytest.raises(Refused, match="upload_unknown"):
        making.files_of([page["id"]], "wang")
    assert making.text_of(words["id"], "lin") == "洗\n抹"
    with pytest.raises(Refused, match="material_mixed"):
        making.text_of(page["id"], "lin")


def test_the_page_sees_how_far_the_pictures_are_and_why_they_could_not_be_made() -> None:
    from hq.files import jobs
    from hq.materials import making

    browser, content = Browser(), paper(pages=2)
    begun = browser.begin(content, "winter.pdf").json()
    told = browser.put(begun["id"], 0, content).json()
    assert told["making"] == {"state": "queued", "done": 0, "total": 2}
    with pytest.raises(Refused, match="renditions_pending"):
        making.files_of([begun["id"]], "lin")
    jobs.run_queued()
    told = browser.client.get(f"{BEGIN}/{begun['id']}").json()
    assert told["making"] == {"state": "done", "done": 2, "total": 2}
    film = browser.bring(Maker().film(), "film.mp4")
    told = browser.client.get(f"{BEGIN}/{film['id']}", HTTP_ACCEPT_LANGUAGE="zh-hans").json()
    assert (told["state"], told["making"]["state"]) == ("taken", "failed")
    assert "没能从“film.mp4”里取出画面" in told["making"]["why"]


def test_an_operator_sees_what_failed_and_tries_it_again() -> None:
    from hq.files.models import RenditionJob

    browser, auditor = Browser(), Browser("clerk", may=False)
    film = browser.bring(Maker().film(), "film.mp4")
    job = RenditionJob.objects.get(upload_id=film["id"])
    listed = "/admin/files/renditionjob/"
    for who in (browser, auditor):
        assert "could not read a picture of “film.mp4”" in who.client.get(listed).content.decode()
    assert (
        "再试一次" in browser.client.get(f"{listed}{job.id}/change/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    )
    assert auditor.client.post(f"{listed}{job.id}/again/").status_code == 403
    assert "HQ goes on with it" in browser.client.post(f"{listed}{job.id}/again/").content.decode()
    job.refresh_from_db()
    assert (job.state, job.tries, job.why) == ("queued", 0, "")
