"""What HQ's own people saw of a member is kept as what guides saw is."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from hq.members.models import Member
from hq.privacy.models import Showing


def saw(member: Member, operator: str, what: str, now: datetime) -> None:
    """Keeps that an operator saw this of a member."""
    Showing.objects.create(
        id=uuid4(), store_id=member.store_id, member_id=member.id, what=what, at=now, operator=operator
    )  # fmt: skip
