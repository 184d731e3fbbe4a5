"""`GET /v1/radar`: the set by which a store's tablets tell who is probably a member elsewhere, part by part."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.conf import settings

from hq.radar import services
from hq.sync_api.problems import Answer, Problem
from hq.sync_api.session import Session
from sync.protocol import codec

_MAKING_S = 60
"""HQ makes sets beside its other work."""
_DIGITS = 9


def answer(session: Session, query: str, known: str) -> Answer:
    """The part that begins where the query says, or 304 where the tablet's is the newest. `known`: If-None-Match.

    Raises Problem 404 where HQ has no radar, 422 for a wrong query, 503 while the set is being made; Transient.
    """
    if settings.ENVIRONMENT.radar == "off":
        raise Problem(404, "not_found")
    found = services.find(session.shop.store_id, _first(query), known.strip().strip('"'))
    if found is None:
        services.ask(session.shop.store_id)
        raise Problem(503, "making", _MAKING_S)
    tag = (("etag", f'"{found.version}"'),)
    return Answer(304, b"", tag) if found.part is None else Answer(200, codec.encode(found.part), tag)


def _first(query: str) -> int:
    (text,) = parse_qs(query, keep_blank_values=True).get("from", ["0"])[:1]
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise Problem(422, "envelope_invalid")
    return int(text)
