"""Every entity survives its tables: what was saved is what is loaded, and the feed equals the tables."""

from dataclasses import replace

import pytest

from tests.integration.feed_check import assert_feed_equals_tables, feed_differences
from tests.integration.hq_data import make_all

pytestmark = pytest.mark.usefixtures("hq_database")


def test_the_feed_equals_the_tables_after_saves_by_every_feature() -> None:
    make_all()
    assert_feed_equals_tables()


def test_the_checker_sees_a_write_that_went_round_the_services() -> None:
    from hq.members.models import Member

    make_all()
    Member.objects.update(note="nobody published this")
    assert len(feed_differences()) == 1


def test_what_is_saved_again_is_what_was_loaded() -> None:
    from hq.aggregates import MAPPINGS

    made = make_all()
    for mapping in MAPPINGS.values():
        before = list(mapping.every())
        assert before, mapping.entity
        raised = [replace(row, ver=row.ver + 1) for row in before]
        assert mapping.save(raised) == raised
        loaded = mapping.load(str(made.store.id), [row.ref.id for row in raised])
        assert list(loaded.values()) == raised


def test_rows_of_another_store_are_not_found() -> None:
    from hq.aggregates import MAPPINGS
    from hq.members.models import Member
    from tests.integration.hq_data import make_store

    make_all()
    _region, other = make_store("102")
    assert MAPPINGS["member"].load(str(other.id), [str(Member.objects.get().id)]) == {}


def test_a_changed_row_keeps_no_part_it_lost() -> None:
    import msgspec

    from hq.aggregates import MAPPINGS
    from hq.protocol import saving

    made = make_all()
    mapping = MAPPINGS["member"]
    row = next(mapping.every())
    saving.save(mapping, str(made.store.id), {row.ref.id: msgspec.structs.replace(row.record, consents=())})
    assert next(mapping.every()).record == msgspec.structs.replace(row.record, consents=())
    assert_feed_equals_tables()


def test_saving_what_is_unchanged_publishes_nothing() -> None:
    from hq.members.models import Member
    from hq.members.services import save
    from hq.protocol.models import ScopeHead

    made = make_all()
    before = ScopeHead.objects.get(scope=made.store.scope).head
    save(Member.objects.get())
    assert ScopeHead.objects.get(scope=made.store.scope).head == before


@pytest.mark.parametrize("name", ["x" * 121, "nul\0"])
def test_what_a_column_cannot_keep_is_refused_whole(name: str) -> None:
    from django.db import DataError
    from django.db.transaction import atomic

    from hq.members.mapping import MEMBER
    from hq.members.models import Member

    make_all()
    item = Member.objects.get()
    before, item.name = item.name, name
    with pytest.raises(DataError), atomic():
        MEMBER.table.upsert([item])
    assert Member.objects.get().name == before


def test_parts_that_are_as_they_were_are_not_written_again() -> None:
    from guide_app.domain.records import Member
    from hq.database import statements
    from hq.members.mapping import MEMBER

    make_all()
    (row,) = MEMBER.every()
    assert isinstance(row.record, Member)
    written = "SELECT position, xmin::text FROM member_consent ORDER BY position"
    before = statements.rows(written, ())
    MEMBER.save([replace(row, ver=row.ver + 1)])
    assert len(before) == len(row.record.consents) > 0
    assert statements.rows(written, ()) == before


def test_what_the_database_fills_in_stays() -> None:
    from hq.members.mapping import MEMBER
    from hq.members.models import Member

    make_all()
    (row,) = MEMBER.every()
    before = Member.objects.get().received_at
    MEMBER.save([replace(row, ver=row.ver + 1)])
    after = Member.objects.get()
    assert (after.ver, after.received_at) == (row.ver + 1, before)
