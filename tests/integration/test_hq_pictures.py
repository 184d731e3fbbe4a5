"""A product's pictures in the console: brought, ordered, taken out, refused in words; in the feed as they stand."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from guide_app.domain.records import Product, decode
from tests import shop as shops
from tests.drawn import SECRET, picture
from tests.integration.feed_check import assert_feed_equals_tables

pytestmark = pytest.mark.usefixtures("hq_database")


class Desk:
    """An operator with the page of one product before their eyes."""

    def __init__(self) -> None:
        from django.contrib.auth.models import User
        from django.test import Client

        self.client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
        self.client.force_login(User.objects.create_superuser("lin", password="correct-horse-9"))
        self.product_id = shops.make_chain().product_ids[0]
        self.url = f"/admin/catalogue/product/{self.product_id}/change/"

    @property
    def item(self) -> Any:
        from hq.catalogue.models import Product as Item

        return Item.objects.get(id=self.product_id)

    @property
    def record(self) -> Product:
        """The product as it stands in the feed."""
        from hq.protocol.models import FeedRow

        assert_feed_equals_tables()
        data = FeedRow.objects.get(entity="product", entity_id=self.product_id).data
        return decode(data or "", Product)

    @property
    def pictures(self) -> list[str]:
        """The hashes of the large sizes, in order."""
        return [one.large.sha256 for one in self.record.pictures]

    def save(self, *files: tuple[str, bytes], language: str = "en", **changes: str) -> str:
        """Saves the form; what the page says where it was refused, else ""."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        item = self.item
        fields = {
            "sku": item.sku, "name_zh": item.name_zh, "name_en": item.name_en, "category_id": str(item.category_id),
            "unit": item.unit, "barcodes": ",".join(item.barcodes), "active": "on", "seen_ver": str(item.ver),
            **changes,
        }  # fmt: skip
        brought = [SimpleUploadedFile(name, content) for name, content in files]
        self.client.cookies["guide_hq_language"] = language
        answer = self.client.post(self.url, {**fields, "album": brought})
        return "" if answer.status_code == 302 else answer.content.decode()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_pictures_are_brought_and_are_in_the_feed_with_their_sizes(desk: Desk) -> None:
    assert desk.save(("a.jpg", picture(size=(2000, 1000))), ("b.dat", picture("PNG", tint=90))) == ""
    first, second = desk.record.pictures
    assert (first.thumb.width, first.thumb.height) == (160, 80)
    assert (first.large.width, first.large.height, first.large.type) == (1280, 640, "image/webp")
    assert first.large != second.large

    from hq.files import services
    from hq.protocol import scopes

    for file in (first.thumb, first.large, second.thumb, second.large):
        content = b"".join(services.blobs().read(file.sha256))
        assert len(content) == file.bytes
        assert SECRET not in content
        assert services.find(file.sha256, [scopes.of_chain()]) is not None


def test_they_are_ordered_and_taken_out(desk: Desk) -> None:
    desk.save(*((f"{n}.jpg", picture(tint=60 * n)) for n in range(3)))
    a, b, c = desk.pictures
    assert desk.save(**{f"album-place-{a}": "3", f"album-place-{b}": "1", f"album-place-{c}": "2"}) == ""
    assert desk.pictures == [b, c, a]
    assert desk.save(("d.jpg", picture(tint=222)), **{f"album-gone-{c}": "on"}) == ""
    assert desk.pictures[:2] == [b, a]
    assert len(desk.pictures) == 3

    from hq.files import services
    from hq.protocol import scopes

    assert services.find(c, [scopes.of_chain()]) is None
    assert services.find(b, [scopes.of_chain()]) is not None


def test_a_form_that_says_nothing_of_pictures_leaves_them(desk: Desk) -> None:
    desk.save(("a.jpg", picture()))
    before = desk.record
    assert desk.save(brand="Aurora") == ""
    assert desk.record == msgspec.structs.replace(before, brand="Aurora")


def test_the_same_picture_twice_is_one(desk: Desk) -> None:
    desk.save(("a.jpg", picture()), ("again.jpg", picture()))
    assert len(desk.pictures) == 1


def test_what_was_done_stands_in_the_history(desk: Desk) -> None:
    from django.contrib.admin.models import LogEntry

    desk.save(("a.jpg", picture()))
    assert "pictures" in LogEntry.objects.latest("id").get_change_message()
    desk.save(brand="Aurora")
    assert "pictures" not in LogEntry.objects.latest("id").get_change_message()


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (b"", "is empty", "是空的"),
        (b"words", "no JPEG, PNG, WebP or HEIC picture", "不是 JPEG、PNG、WebP 或 HEIC 图片"),
        (picture()[:-2000], "damaged or cut off", "损坏或不完整"),
        (picture(size=(300, 10)), "less than 32 pixels", "不足 32 像素"),
    ],
)
def test_each_file_that_is_refused_is_named_with_the_reason(
    desk: Desk, content: bytes, english: str, chinese: str
) -> None:
    for language, words in (("en", english), ("zh-hans", chinese)):
        page = desk.save(("good.jpg", picture()), ("bad.jpg", content), language=language)
        assert "“bad.jpg”" in page
        assert words in page
        assert "“good.jpg”" not in page
    assert desk.pictures == []


def test_no_more_than_a_product_can_have(desk: Desk) -> None:
    page = desk.save(*((f"{n}.jpg", picture(size=(40, 40), tint=20 * n)) for n in range(13)))
    assert "at most 12 pictures" in page
    assert desk.pictures == []


def test_a_disk_that_is_full_is_said_and_nothing_is_changed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.files.folder import FolderBlobs
    from hq.files.port import BlobsFailed

    def full(self: object, pieces: object) -> object:
        raise BlobsFailed("No space left on device")

    monkeypatch.setattr(FolderBlobs, "put", full)
    assert "Its disk may be full" in desk.save(("a.jpg", picture()), brand="Aurora")
    assert (desk.pictures, desk.record.brand) == ([], "")


@pytest.mark.expects_log  # Django logs what it refuses
def test_the_page_shows_them_to_who_may_see_products_and_to_nobody_else(desk: Desk) -> None:
    desk.save(("a.jpg", picture()))
    page = desk.client.get(desk.url).content.decode()
    found = re.search(r'<img src="([^"]+/picture/[^"]+)"[^>]*alt="Picture 1"', page)
    assert found is not None
    shown = desk.client.get(found.group(1))
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert desk.client.get(f"/admin/catalogue/product/picture/{'0' * 64}/").status_code == 404

    from django.contrib.auth.models import User
    from django.test import Client

    other = Client(SERVER_NAME="localhost")
    assert other.get(found.group(1)).status_code == 302
    other.force_login(User.objects.create_user("new", password="correct-horse-9", is_staff=True))
    assert other.get(found.group(1)).status_code == 403


def test_a_product_s_page_takes_large_bodies_and_no_other_does() -> None:
    from hq.asgi import A_PAGE, WITH_FILES, largest

    assert largest("/admin/catalogue/product/add/") == WITH_FILES
    assert largest("/admin/catalogue/category/add/") == A_PAGE
