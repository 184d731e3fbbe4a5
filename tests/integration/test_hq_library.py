"""The library's pages in the console: what operators write, a second person publishes, and others may see of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.hostile_files import picture
from tests.integration.hq_data import make_store
from tests.integration.test_hq_upload_pages import Browser

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # Django logs every refusal
LIST = "/admin/materials/material/"
WORDS = {
    "title_zh": "冬季护肤", "title_en": "Winter skin", "text_zh": "{name}，先洗", "text_en": "Wash, {name}",
    "tags": "冬, 手",
}  # fmt: skip


@pytest.fixture(autouse=True)
def shops(hq_database: str, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Two regions with a shop each, by their codes; files and the key in a folder of the test's own."""
    from django.conf import settings

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files", signing_key=tmp_path / "signing.key")
    yield {code: make_store(code)[1] for code in ("101", "202")}
    settings.ENVIRONMENT = before


class Desk(Browser):
    """Somebody of HQ at the library's pages."""

    def write(self, address: str = f"{LIST}add/", **told: Any) -> Any:
        return self.client.post(address, {**WORDS, "seen_ver": "0", **told})

    def page(self, name: str, material: Any, part: str = "") -> str:
        answer = self.client.get(f"{LIST}{material.pk}/{name}/{part}")
        assert answer.status_code == 200, (name, answer.status_code)
        return str(answer.content.decode())

    def do(self, name: str, material: Any, **told: Any) -> str:
        return str(self.client.post(f"{LIST}{material.pk}/{name}/", told).content.decode())

    def listed(self, asked: str = "") -> str:
        answer = self.client.get(f"{LIST}?{asked}")
        assert answer.status_code == 200
        return str(answer.content.decode())


def only() -> Any:
    from hq.materials.models import Material

    return Material.objects.get()


def newest() -> Any:
    from hq.materials.models import MaterialVersion

    return MaterialVersion.objects.order_by("-version").first()


def test_pictures_are_brought_ordered_reviewed_by_a_second_person_and_published() -> None:
    from hq.audit.models import Entry
    from hq.materials.models import MaterialPlace

    lin, wang = Desk("lin"), Desk("wang")
    ids = [lin.bring(picture("PNG", 200 + 10 * one, 100), f"{one}.png")["id"] for one in range(3)]
    assert lin.write(brought=[f"u:{one}" for one in reversed(ids)]).status_code == 302
    material, version = only(), newest()
    thumbs = [file["sha256"] for file in version.says["files"] if file["role"] == "thumb"]
    assert len(thumbs) == 3
    widths = [max(one["width"] for one in version.says["files"] if one["page"] == page and one["role"] == "page")
              for page in (1, 2, 3)]  # fmt: skip
    assert widths == [220, 210, 200], "as they were put in order"
    assert lin.client.get(f"{LIST}file/{thumbs[0]}/").headers["Content-Type"] == "image/webp"
    assert "waits for somebody else" in lin.do("submit", material)
    assert "Somebody who wrote nothing of it must publish it" in lin.do("publish", material)
    assert "Winter skin" in wang.listed("state=in_review")
    shown = wang.page("compare", material)
    assert "Written by lin" in shown
    assert "Reaches 2 of 2 shops" in shown
    assert "within seconds" in wang.do("publish", material)
    assert MaterialPlace.objects.count() == 1
    told = [entry.told for entry in Entry.objects.filter(feature="materials.material").order_by("id")]
    assert told[-2:] == ["Submit", "Publish"]
    assert "lin" in wang.page("versions", material)
    assert thumbs[0] in wang.listed()


def test_pages_are_put_in_another_order_with_a_new_one_between_them() -> None:
    lin = Desk("lin")
    ids = [lin.bring(picture("PNG", 200 + 10 * one, 100), f"{one}.png")["id"] for one in range(3)]
    lin.write(brought=[f"u:{one}" for one in ids[:2]])
    material, before = only(), newest()
    first = {file["page"]: file["sha256"] for file in before.says["files"] if file["role"] == "thumb"}
    answer = lin.write(f"{LIST}{material.pk}/change/", seen_ver="1", brought=["p:2", f"u:{ids[2]}", "p:1"])
    assert answer.status_code == 302
    after = newest()
    now = {file["page"]: file["sha256"] for file in after.says["files"] if file["role"] == "thumb"}
    assert (now[1], now[3]) == (first[2], first[1])
    assert now.keys() == {1, 2, 3}
    assert after.edit == 2


@pytest.mark.parametrize(("language", "said"), [("en", "There are: {name}"), ("zh-hans", "可用的有")])
def test_a_placeholder_that_there_is_none_of_is_refused_as_in_templates(language: str, said: str) -> None:
    from hq.materials.models import Material

    lin = Desk("lin", language=language)
    page = lin.write(text_en="Wash, {nmae}").content.decode()
    assert "{nmae}" in page
    assert not Material.objects.exists()


def test_what_another_wrote_in_the_meantime_is_not_overwritten() -> None:
    lin, wang = Desk("lin"), Desk("wang")
    lin.write()
    address = f"{LIST}{only().pk}/change/"
    assert wang.write(address, seen_ver="1", title_en="Winter hands").status_code == 302
    page = lin.write(address, seen_ver="1", title_en="Winter feet").content.decode()
    assert "Somebody changed this in the meantime" in page
    assert newest().title_en == "Winter hands"


def test_what_is_sent_back_says_why_and_what_is_in_review_is_not_written_on() -> None:
    lin, wang = Desk("lin"), Desk("wang")
    lin.write()
    material = only()
    lin.do("submit", material)
    assert "id_title_en" not in lin.page("change", material)
    assert "Say what is to be done" in wang.do("send-back", material, note=" ")
    wang.do("send-back", material, note="The English title")
    assert "The English title" in lin.page("versions", material)
    assert "id_title_en" in lin.page("change", material)


def test_a_new_version_takes_the_place_of_the_one_before_and_is_withdrawn_with_a_word() -> None:
    lin, wang = Desk("lin"), Desk("wang")
    lin.write()
    material = only()
    lin.do("submit", material)
    wang.do("publish", material)
    lin.write(f"{LIST}{material.pk}/change/", seen_ver="0", title_en="Winter hands")
    assert "version 1 is published" in lin.listed()
    shown = wang.page("compare", material)
    assert "Winter skin" in shown
    assert "Winter hands" in shown
    lin.do("submit", material)
    wang.do("publish", material)
    assert "is withdrawn" in lin.do("withdraw", material, note="The price is wrong")
    states = [one.state for one in material.versions.order_by("version")]
    assert states == ["replaced", "withdrawn"]
    assert "The price is wrong" in wang.page("versions", material)
    assert "Winter hands" in lin.listed("state=withdrawn")


def test_a_franchise_s_shops_have_it_and_it_is_said_how_many(shops: dict[str, Any]) -> None:
    from hq.materials import placing
    from hq.materials.models import MaterialPlace
    from hq.stores.models import Franchise, Store

    run = Franchise.objects.create(code="li", name_en="Li", name_zh="李")
    Store.objects.filter(pk=shops["202"].pk).update(franchise=run)
    lin, wang = Desk("lin"), Desk("wang")
    told = lin.client.post(f"{LIST}reach/", {"franchises": [str(run.pk)]}).content.decode()
    assert told == "Reaches 1 of 2 shops."
    lin.write(franchises=[str(run.pk)])
    material = only()
    lin.do("submit", material)
    wang.do("publish", material)
    assert [str(one.store_id) for one in MaterialPlace.objects.all()] == [str(shops["202"].pk)]
    assert "Winter skin" in lin.listed(f"audience=franchises:{run.pk}")
    assert "Winter skin" not in lin.listed("audience=chain")
    Store.objects.filter(pk=shops["202"].pk).update(franchise=None)
    Store.objects.filter(pk=shops["101"].pk).update(franchise=run)
    assert placing.look_after() == 1
    assert [str(one.store_id) for one in MaterialPlace.objects.all()] == [str(shops["101"].pk)]


def test_a_shop_sees_what_is_published_for_it_and_no_draft_and_no_other_shop_s(shops: dict[str, Any]) -> None:
    from tests.console_people import browser, person

    lin, wang = Desk("lin"), Desk("wang")
    upload = lin.bring(picture("PNG", 300, 200))["id"]
    lin.write(brought=[f"u:{upload}"], stores=[str(shops["101"].pk)])
    material = only()
    thumb = next(file["sha256"] for file in newest().says["files"] if file["role"] == "thumb")
    here, there = (browser(person(code, "S", stores=[shops[code]])) for code in ("101", "202"))
    assert here.get(f"{LIST}{material.pk}/change/").status_code == 404, "a draft"
    lin.do("submit", material)
    wang.do("publish", material)
    lin.write(f"{LIST}{material.pk}/change/", seen_ver="0", title_en="Winter hands", brought=["p:1"],
              stores=[str(shops["101"].pk)])  # fmt: skip
    for client, sees in ((here, True), (there, False)):
        assert ("Winter skin" in client.get(LIST).content.decode()) == sees
        assert client.get(f"{LIST}{material.pk}/change/").status_code == (200 if sees else 404)
        assert client.get(f"{LIST}{material.pk}/preview/").status_code == (200 if sees else 404)
        assert client.get(f"{LIST}file/{thumb}/").status_code == (200 if sees else 404)
        assert client.get(f"{LIST}{material.pk}/compare/").status_code in (403, 404)
    page = here.get(f"{LIST}{material.pk}/change/").content.decode()
    assert "Winter hands" not in page, "the next version's draft"
    assert here.post(f"{LIST}{material.pk}/change/", WORDS).status_code == 403


@pytest.mark.parametrize("validity", ["now", "later", "over"])
def test_the_list_is_narrowed_by_what_may_be_shown_now(validity: str) -> None:
    lin, wang = Desk("lin"), Desk("wang")
    told = {"now": {}, "later": {"valid_from": "2999-01-01T08:00"}, "over": {"valid_until": "2001-01-01T08:00"}}
    lin.write(**told[validity])
    material = only()
    lin.do("submit", material)
    wang.do("publish", material)
    found = {one for one in told if "Winter skin" in lin.listed(f"validity={one}")}
    assert found == {validity}
    assert "Winter skin" in lin.listed("kind=text&q=Winter")
    assert "Winter skin" not in lin.listed("kind=video")


def test_every_refusal_of_the_library_has_words() -> None:
    import re

    from guide_app.domain import materials
    from guide_app.domain.errors import Refused
    from hq.console.refusal import refusal
    from hq.materials import making, services

    sources = [Path(str(one.__file__)).read_text(encoding="utf-8") for one in (materials, making, services)]
    codes = {code for text in sources for code in re.findall(r'"(material_[a-z_]+|upload_unknown)"', text)}
    codes -= {"material_version", "material_id"}
    assert len(codes) > 14
    said = {code: refusal(Refused(code)) for code in codes}
    assert not {code for code, words in said.items() if code in words}


def test_a_film_is_sent_in_ranges_and_a_piece_of_it_is_all_that_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.library import sending
    from tests.real_films import real

    lin = Desk("lin")
    lin.write(brought=[f"u:{lin.bring(real(), 'film.mp4')['id']}"])
    film = next(file for file in newest().says["files"] if file["role"] == "video")
    address, size = f"{LIST}file/{film['sha256']}/", film["bytes"]
    whole = lin.client.get(address)
    assert (whole.status_code, len(whole.content), whole["Content-Type"]) == (200, size, "video/mp4")
    assert whole["Accept-Ranges"] == "bytes"
    monkeypatch.setattr(sending, "PIECE", 1000)
    got, parts = b"", 0
    while len(got) < size:
        part = lin.client.get(address, HTTP_RANGE=f"bytes={len(got)}-")
        assert (part.status_code, len(part.content) <= 1000) == (206, True)
        assert part["Content-Range"] == f"bytes {len(got)}-{len(got) + len(part.content) - 1}/{size}"
        got, parts = got + part.content, parts + 1
    assert (got, parts > 3) == (whole.content, True)
    assert lin.client.get(address, HTTP_RANGE="bytes=-10").content == got[-10:]
    for refused in (lin.client.get(address), lin.client.get(address, HTTP_RANGE=f"bytes={size}-")):
        assert (refused.status_code, refused["Content-Range"]) == (416, f"bytes */{size}")
    page = lin.page("preview", only())
    assert page.count("<video") == 2, "in both frames"
    assert page.count("<source") == page.count('type="video/mp4"')
