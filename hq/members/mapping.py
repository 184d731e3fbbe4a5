"""Members and their aliases as records and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec

from guide_app.domain.records import Consent as ConsentRecord
from guide_app.domain.records import (
    Counted,
    FieldConflict,
    Gift,
    Given,
    ImportantDate,
    Membership,
    Relative,
    Wish,
)
from guide_app.domain.records import Member as MemberRecord
from guide_app.domain.records import MemberAlias as MemberAliasRecord
from guide_app.domain.records import Visitor as VisitorRecord
from guide_app.domain.records.member import Gender
from hq.members.models import Consent, Member, MemberAlias, Visitor
from hq.protocol import convert
from hq.protocol.copies import CopyMapping
from hq.protocol.mapping import FlatMapping, PartsMapping
from hq.protocol.rows import Row


class MemberMapping(PartsMapping[Member, Consent, MemberRecord]):
    """The tables `member` and `member_consent`."""

    entity = "member"
    kind = MemberRecord
    model = Member
    part = Consent
    owner_field = "member_id"

    def to_record(self, item: Member, parts: Sequence[Consent]) -> MemberRecord:
        return MemberRecord(
            member_no=item.member_no, phone=item.phone, name=item.name, pinyin=item.pinyin, initials=item.initials,
            gender=cast("Gender", item.gender), birthday=item.birthday, source=item.source, level=item.level,
            tags=tuple(item.tags), note=item.note, consents=tuple(_consent(part) for part in parts),
            conflicts=convert.parts(convert.ordered(item.conflicts), FieldConflict),
            owner_id=convert.id_text(item.owner_id), home_store_id=convert.id_text(item.home_store_id),
            referrer=item.referrer, joined_at=convert.moment_text(item.joined_at), order_count=item.order_count,
            spent=item.spent, last_contact_at=convert.moment_text(item.last_contact_at),
            other_numbers=tuple(item.other_numbers), sizes=convert.ordered(item.sizes or {}), likes=tuple(item.likes),
            wishes=convert.parts(item.wishes, Wish), dates=convert.parts(item.dates, ImportantDate),
            household=convert.parts(item.household, Relative), touch_point=item.touch_point,
            gift=msgspec.convert(item.gift, Gift | None), signed=tuple(item.signed),
            counted=convert.parts(item.counted, Counted), given=msgspec.convert(item.given, Given | None),
            memberships=convert.parts(item.memberships, Membership), level_look=item.level_look,
        )  # fmt: skip

    def from_record(self, row: Row, record: MemberRecord) -> tuple[Member, list[Consent]]:
        member = Member(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver, member_no=record.member_no,
            phone=record.phone, name=record.name, pinyin=record.pinyin, initials=record.initials, gender=record.gender,
            birthday=record.birthday, source=record.source, level=record.level, tags=list(record.tags),
            note=record.note, conflicts=convert.plain(record.conflicts), owner_id=convert.id_value(record.owner_id),
            home_store_id=convert.id_value(record.home_store_id), referrer=record.referrer,
            joined_at=convert.moment(record.joined_at), order_count=record.order_count, spent=record.spent,
            last_contact_at=convert.moment(record.last_contact_at), other_numbers=list(record.other_numbers),
            sizes=record.sizes or None, likes=list(record.likes), wishes=convert.plain(record.wishes),
            dates=convert.plain(record.dates), household=convert.plain(record.household),
            touch_point=record.touch_point, gift=msgspec.to_builtins(record.gift), signed=list(record.signed),
            counted=convert.plain(record.counted), given=msgspec.to_builtins(record.given),
            memberships=convert.plain(record.memberships), level_look=record.level_look,
        )  # fmt: skip
        consents = [
            Consent(
                member_id=member.id, position=position, kind=consent.kind, granted=consent.granted,
                policy_version=consent.policy_version, ver=consent.ver, at=convert.moment(consent.at),
            )
            for position, consent in enumerate(record.consents)
        ]  # fmt: skip
        return member, consents


class VisitorMapping(CopyMapping[Visitor, VisitorRecord]):
    """The table `visitor`; a row's id is the member's, once in each store that they visit."""

    entity = "visitor"
    kind = VisitorRecord
    model = Visitor
    id_field = "member_id"

    def ends(self, record: VisitorRecord) -> str:
        return record.until


class MemberAliasMapping(FlatMapping[MemberAlias, MemberAliasRecord]):
    """The table `member_alias`."""

    entity = "member_alias"
    kind = MemberAliasRecord
    model = MemberAlias
    each_stores = True

    def to_record(self, item: MemberAlias) -> MemberAliasRecord:
        return MemberAliasRecord(member_id=convert.id_text(item.member_id))

    def from_record(self, row: Row, record: MemberAliasRecord) -> MemberAlias:
        survivor = convert.reference(record.member_id)
        return MemberAlias(id=row.ref.id, store_id=row.store_id, ver=row.ver, member_id=survivor)


def _consent(item: Consent) -> ConsentRecord:
    return ConsentRecord(
        kind=item.kind, granted=item.granted, policy_version=item.policy_version, ver=item.ver,
        at=convert.moment_text(item.at),
    )  # fmt: skip


MEMBER = MemberMapping()
VISITOR = VisitorMapping()
MEMBER_ALIAS = MemberAliasMapping()
