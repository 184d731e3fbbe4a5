"""Material at HQ on a real database: who may publish it, which feeds it stands in, and who may have its files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.materials import Actor, Reach
from guide_app.domain.records import Material, MaterialFile, Names, decode
from sync.protocol import file_lists
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.hq_data import make_store

pytestmark = pytest.mark.usefixtures("hq_database")
change = msgspec.structs.replace
LIN = Actor("lin", may_write=True, may_publish=True)
WANG = Actor("wang", may_write=True, may_publish=True)
CLERK = Actor("clerk", may_write=True, may_publish=False)
EVERYBODY = Reach()
TEXT = Material(
    material="00000000-0000-0000-0000-000000000000", version=1, kind="text",
    title=Names(en="Winter skin", zh="冬季护肤"), text=Names(en="Wash, {name}", zh="{name}，先洗"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def shops(hq_database: str, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Two regions with a shop each, by their codes; files and the key in a folder of the test's own."""
    from django.conf import settings

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files", signing_key=tmp_path / "signing.key")
    yield {code: make_store(code)[1] for code in ("101", "202")}
    settings.ENVIRONMENT = before


def file(content: bytes, role: str, page: int = 1) -> MaterialFile:
    """A file that HQ keeps."""
    from hq.files import services as files

    kept = files.keep(io.BytesIO(content), "image/webp")
    return MaterialFile(sha256=kept.sha256, bytes=kept.size, type="image/webp", role=role, page=page)


def pictures(name: str = "a") -> Material:
    return change(TEXT, kind="image", files=(file(name.encode() * 9, "page"), file(name.encode() * 3, "thumb")))


def published(says: Material, reach: Reach = EVERYBODY, material_id: str = "") -> str:
    """Written by one, published by another; the material's id."""
    from hq.materials import services

    version = services.write(says, reach, by=LIN, material_id=material_id)
    services.submit(str(version.id), by=LIN)
    services.publish(str(version.id), by=WANG)
    return str(version.material_id)


def standing() -> dict[str, Material]:
    """What stands in the feed, by scope; the feed is what the tables say."""
    from hq.protocol.models import FeedRow

    assert_feed_equals_tables()
    found = FeedRow.objects.filter(entity="material", op="put")
    return {one.scope: decode(one.data or "", Material) for one in found}


def entitled(sha256: str) -> set[str]:
    """The scopes whose tablets may fetch it."""
    from hq.files import services as files
    from hq.protocol.models import Scope

    return {scope for scope in Scope.objects.values_list("id", flat=True) if files.find(sha256, [scope])}


def chain() -> str:
    from hq.protocol import scopes

    return scopes.of_chain()


def states(material_id: str) -> list[str]:
    from hq.materials.models import MaterialVersion

    return list(
        MaterialVersion.objects.filter(material_id=material_id).order_by("version").values_list("state", flat=True)
    )


def deeds(material_id: str) -> list[tuple[str, str]]:
    from hq.materials.models import MaterialDeed

    found = MaterialDeed.objects.filter(version__material_id=material_id).order_by("at", "id")
    return list(found.values_list("deed", "by"))


def test_what_a_second_person_published_stands_in_the_chain_s_feed_signed() -> None:
    from hq.files import signing

    material_id = published(pictures())
    told = standing()
    assert told.keys() == {chain()}
    row = told[chain()]
    assert (row.material, row.version, row.state, len(row.files)) == (material_id, 1, "published", 2)
    assert row.published_at
    assert file_lists.is_signed(row, [signing.key().public_text])
    assert deeds(material_id) == [("edit", "lin"), ("submit", "lin"), ("publish", "wang")]


def test_nobody_publishes_what_they_wrote_and_a_clerk_nothing_at_all() -> None:
    from hq.materials import services

    version = services.write(TEXT, EVERYBODY, by=CLERK)
    services.write(change(TEXT, must_read=True), EVERYBODY, by=WANG, material_id=str(version.material_id))
    with pytest.raises(Refused, match="material_unreviewed"):
        services.publish(str(version.id), by=LIN)
    services.submit(str(version.id), by=CLERK)
    for who, why in ((CLERK, "material_right"), (WANG, "material_own")):
        with pytest.raises(Refused, match=why):
            services.publish(str(version.id), by=who)
    assert standing() == {}
    services.publish(str(version.id), by=LIN)
    assert standing()[chain()].must_read


def test_where_the_chain_asks_for_no_review_one_person_does_it_all() -> None:
    from django.conf import settings

    from hq.materials import services

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, material_review=False)
    version = services.write(TEXT, EVERYBODY, by=LIN)
    services.publish(str(version.id), by=LIN)
    assert standing().keys() == {chain()}


def test_what_is_sent_back_is_said_why_and_can_be_written_again() -> None:
    from hq.materials import services
    from hq.materials.models import MaterialDeed

    version = services.write(TEXT, EVERYBODY, by=LIN)
    services.submit(str(version.id), by=LIN)
    with pytest.raises(Refused, match="material_state"):
        services.write(change(TEXT, must_read=True), EVERYBODY, by=LIN, material_id=str(version.material_id))
    with pytest.raises(BadInput, match="material_note"):
        services.send_back(str(version.id), " ", by=WANG)
    services.send_back(str(version.id), "The second picture is dark", by=WANG)
    assert MaterialDeed.objects.get(deed="send_back").note == "The second picture is dark"
    services.write(change(TEXT, must_read=True), EVERYBODY, by=LIN, material_id=str(version.material_id))
    assert MaterialDeed.objects.filter(deed="edit").latest("at").changed == ["must_read"]


def test_two_people_never_overwrite_each_other() -> None:
    from hq.materials import services

    version = services.write(TEXT, EVERYBODY, by=LIN)
    material_id = str(version.material_id)
    services.write(change(TEXT, must_read=True), EVERYBODY, by=LIN, material_id=material_id, seen=1)
    with pytest.raises(Refused, match="changed_meanwhile"):
        services.write(change(TEXT, campaign="double twelve"), EVERYBODY, by=WANG, material_id=material_id, seen=1)
    unchanged = services.write(change(TEXT, must_read=True), EVERYBODY, by=WANG, material_id=material_id, seen=2)
    assert (unchanged.edit, unchanged.wrote) == (2, ["lin"])


def test_a_new_version_takes_the_place_of_the_one_before_and_its_files_go() -> None:
    first, second = pictures("a"), pictures("b")
    material_id = published(first)
    published(second, material_id=material_id)
    assert states(material_id) == ["replaced", "published"]
    assert standing()[chain()].version == 2
    assert entitled(first.files[0].sha256) == set()
    assert entitled(second.files[0].sha256) == {chain()}


def test_a_draft_changes_nothing_at_the_counters_and_nobody_may_fetch_its_files() -> None:
    from hq.files import services as files
    from hq.files.models import StoredFile
    from hq.materials import services

    material_id = published(pictures("a"))
    draft = pictures("b")
    services.write(draft, EVERYBODY, by=LIN, material_id=material_id)
    assert standing()[chain()].version == 1
    assert entitled(draft.files[0].sha256) == set()
    StoredFile.objects.update(kept_at="2026-01-01T00:00:00Z")
    assert files.let_go() == 0  # it is kept all the same


def test_only_the_audience_s_shops_have_the_row_and_its_files(shops: dict[str, Any]) -> None:
    east, west = shops["101"], shops["202"]
    says = pictures()
    published(says, Reach(regions=(str(east.region_id),), stores=(str(east.id), str(west.id)), roles=("manager",)))
    told = standing()
    assert told.keys() == {east.region.scope, west.scope} == entitled(says.files[0].sha256)
    assert {row.roles for row in told.values()} == {("manager",)}


def test_whom_a_narrower_audience_leaves_out_loses_row_and_files(shops: dict[str, Any]) -> None:
    from hq.protocol.models import FeedRow

    east, west = shops["101"], shops["202"]
    says = pictures()
    material_id = published(says, Reach(stores=(str(east.id), str(west.id))))
    published(says, Reach(stores=(str(west.id),)), material_id)
    assert standing().keys() == {west.scope} == entitled(says.files[0].sha256)
    assert FeedRow.objects.get(entity="material", scope=east.scope).op == "gone"
    published(says, EVERYBODY, material_id)
    assert standing().keys() == {chain()} == entitled(says.files[0].sha256)


def test_a_shop_that_goes_to_another_region_gets_and_loses_what_is_the_regions(shops: dict[str, Any]) -> None:
    from hq.materials import placing
    from hq.stores import services as stores

    east, west = shops["101"], shops["202"]
    published(TEXT, Reach(regions=(str(west.region_id),), stores=(str(east.id),)))
    assert standing().keys() == {west.region.scope, east.scope}
    east.region = west.region
    stores.save_store(east)
    assert placing.look_after() == 1
    assert standing().keys() == {west.region.scope}  # once, by its region
    assert placing.look_after() == 0


def test_what_is_withdrawn_stays_without_files_and_goes_in_a_month() -> None:
    from hq.materials import placing, services
    from hq.materials.models import MaterialVersion

    says = pictures()
    material_id = published(says)
    with pytest.raises(Refused, match="material_right"):
        services.withdraw(material_id, "", by=CLERK)
    services.withdraw(material_id, "The price was wrong", by=LIN)
    row = standing()[chain()]
    assert (row.state, row.files, row.title, bool(row.ended_at)) == ("withdrawn", (), TEXT.title, True)
    assert entitled(says.files[0].sha256) == set()
    with pytest.raises(Refused, match="material_state"):
        services.withdraw(material_id, "", by=LIN)
    ended = MaterialVersion.objects.get().ended_at
    assert ended is not None
    MaterialVersion.objects.update(ended_at=ended - timedelta(days=31))
    assert placing.look_after() == 1
    assert standing() == {}
    published(says, material_id=material_id)
    assert standing()[chain()].version == 2


def test_what_expired_goes_in_a_month() -> None:
    from django.utils import timezone

    from hq.materials import placing

    over = timezone.now() - timedelta(days=29)
    material_id = published(change(TEXT, valid_until=to_text(over)))
    assert standing().keys() == {chain()}
    published(change(TEXT, valid_until=to_text(over - timedelta(days=2))), material_id=material_id)
    assert standing() == {}
    assert placing.look_after() == 0


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (lambda: change(TEXT, title=Names(en="Winter")), "material_title"),
        (lambda: change(TEXT, text=Names(en="Hello {nmae}", zh="您好")), "variable_unknown"),
        (lambda: change(pictures(), files=()), "material_files"),
    ],
)
def test_what_has_a_flaw_is_not_submitted(says: Callable[[], Material], why: str) -> None:
    from hq.materials import services

    version = services.write(says(), EVERYBODY, by=LIN)
    with pytest.raises(BadInput, match=why):
        services.submit(str(version.id), by=LIN)
    assert states(str(version.material_id)) == ["draft"]


def test_a_file_that_hq_has_not_or_of_another_size_is_not_published() -> None:
    from hq.materials import services

    page, thumb = pictures().files
    for wrong in (change(page, sha256="0" * 64), change(page, bytes=1)):
        version = services.write(change(pictures(), files=(wrong, thumb)), EVERYBODY, by=LIN)
        with pytest.raises(Refused, match="material_file_gone"):
            services.submit(str(version.id), by=LIN)


def test_a_material_stays_of_its_kind() -> None:
    from hq.materials import services

    material_id = published(TEXT)
    with pytest.raises(BadInput, match="material_kind"):
        services.write(pictures(), EVERYBODY, by=LIN, material_id=material_id)


def test_what_was_published_cannot_be_said_otherwise_whoever_writes_to_the_table() -> None:
    from django.db import IntegrityError
    from django.db.transaction import atomic

    from hq.materials.models import MaterialVersion

    published(TEXT)
    forgeries: list[dict[str, Any]] = [{"says": {}}, {"wrote": ["nobody"]}, {"version": 7}, {"reach": {"x": 1}}]
    for forged in forgeries:
        with pytest.raises(IntegrityError, match="stands as it was published"), atomic():
            MaterialVersion.objects.update(**forged)
    assert MaterialVersion.objects.get().says["kind"] == "text"


def test_what_cannot_be_placed_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it or nothing: state, history, feed and uses of files are one transaction."""
    from hq.files import services as files
    from hq.materials import services

    says = pictures()
    version = services.write(says, EVERYBODY, by=LIN)
    services.submit(str(version.id), by=LIN)
    monkeypatch.setattr("hq.materials.placing.files.name", _fails)
    with pytest.raises(RuntimeError):
        services.publish(str(version.id), by=WANG)
    assert files.name is _fails
    assert states(str(version.material_id)) == ["in_review"]
    assert ("publish", "wang") not in deeds(str(version.material_id))
    assert standing() == {}
    assert entitled(says.files[0].sha256) == set()


def _fails(*_told: object) -> None:
    raise RuntimeError("the database went away")


def test_the_key_stays_the_same_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    from hq.files import signing

    first = signing.key().public_text
    signing._key.cache_clear()
    assert signing.key().public_text == first
    assert (tmp_path / "signing.key").stat().st_mode & 0o077 == 0


def test_a_tablet_learns_the_key_when_it_enrols(shops: dict[str, Any]) -> None:
    from django.utils import timezone

    from hq.devices import services as devices
    from hq.files import signing
    from hq.sync_api import directory
    from sync.protocol.messages import EnrolRequest

    code = devices.new_code(shops["101"], timezone.now()).code
    asked = EnrolRequest(code=code, device_public_key="k" * 43, device_name="Counter", platform="linux")
    answer = directory.enrol(asked, "nonce", timezone.now())
    assert answer.hq_public_keys == [signing.key().public_text]


def test_what_another_key_signed_is_signed_anew_and_what_is_withdrawn_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from hq.files import signing
    from hq.materials import placing, services
    from hq.materials.models import MaterialPlace

    shown, gone = published(pictures("a")), published(pictures("b"))
    published(TEXT)
    services.withdraw(gone, "The price was wrong", by=LIN)
    old = signing.key().public_text
    before = {row.record["material"]: row for row in MaterialPlace.objects.all()}
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, signing_key=tmp_path / "new.key"))
    assert placing.look_after() == 1
    after = {row.record["material"]: row for row in MaterialPlace.objects.all()}
    assert {name for name, row in after.items() if row.ver != before[name].ver} == {shown}
    row = next(one for one in MaterialPlace.objects.all() if one.record["material"] == shown)
    told = msgspec.convert(row.record, Material)
    assert file_lists.is_signed(told, [signing.key().public_text])
    assert not file_lists.is_signed(told, [old])
    assert placing.look_after() == 0
    assert_feed_equals_tables()


def test_the_public_half_of_the_key_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    from hq import commands
    from hq.files import signing

    assert commands.signing_key() == 0
    assert capsys.readouterr().out.split() == [signing.key().public_text]
