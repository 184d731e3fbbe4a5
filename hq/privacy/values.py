"""A showing of what is masked. HQ's own aggregate; it never travels."""

from __future__ import annotations

from guide_app.domain.records import Record


class Showing(Record, frozen=True):
    """Who saw what of whom, and when (RFC 3339 UTC): a guide on the tablet of `scope`, or an `operator` of HQ.

    It outlives the person: then `member_id` leads nowhere, and nothing else in it is theirs.
    """

    member_id: str
    what: str
    at: str
    guide_id: str = ""
    scope: str = ""
    operator: str = ""
