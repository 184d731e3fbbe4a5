"""Somebody with something in every feature, and where that stands: at HQ and in a tablet's files."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from guide_app.adapters.keys import FileKeySource
from guide_app.domain.pricing.priced import Step
from guide_app.domain.records import Discount
from guide_app.domain.records.pricing import ChosenCoupon, PricedBy
from guide_app.operations.members import Signature, SignUp
from guide_app.operations.orders import Place
from guide_app.operations.quotations import QuoteTake, TakeQuote
from guide_app.services.ports.writing import Draft
from guide_app.settings import Settings
from local_store.connection import connect
from local_store.erasing import PERSONAL
from tests.decrypted import file_pages, log_pages
from tests.tablets import Tablet
from tests.work import Work

MARK = "PLANTED"
PHONE = "+8613912345678"
COUPON = "6b5e9c1c-94a8-5d0e-8f0a-0c5b3f7d9417"
TEXTS = (MARK, PHONE.removeprefix("+86"), COUPON)
STROKES = "M17 170L171 17"
FREELY = {"name", "note", "words", "reason"}
"""Fields that somebody writes freely."""


def planted(draft: Draft) -> Draft:
    """The draft with the mark wherever somebody may write freely."""
    names = FREELY & {field.name for field in msgspec.structs.fields(draft.body)}
    return Draft(kind=draft.kind, body=msgspec.structs.replace(draft.body, **dict.fromkeys(names, MARK)))


async def a_life(work: Work, tablet: Tablet, product_id: str) -> tuple[str, str]:
    """Somebody whom a friend sent and who sent another one; their id and that one's."""
    numbers = tablet.container.numbers
    before = work.sign_up(await numbers.next())
    assert isinstance(before.draft.body, SignUp)
    signed = work.sign_up(await numbers.next(), PHONE, referrer=before.draft.body.member_no, gift=product_id)
    who, friend = signed.id, work.sign_up(await numbers.next(), referrer=PHONE)
    ticket, promise = work.ticket(who, await numbers.next()), work.promise(who)
    quoted, taken = work.quote(await numbers.next(), who), work.quote(await numbers.next(), who)
    sold = work.order(await numbers.next(), who)
    with_coupon = _with_coupon(work.order(await numbers.next(), who).draft)
    about = [
        planted(_joined_fully(signed.draft)), *_edits(work, who, product_id),
        work.consent(who, granted=False, seen_ver=1),
        work.consent(who, granted=True, seen_ver=1, policy="9"),  # parked: HQ has no such policy
        *map(planted, (
            work.reveal(who), work.order(await numbers.next(), who).draft, work.talk(who).draft,
            work.followup(who).draft, work.reminder(who, "birthday", "2026", "snoozed").draft, ticket.draft,
            work.ticket_step(ticket.id, who, "note").draft, promise.draft, work.settle(promise.id, who, "kept").draft,
            quoted.draft, taken.draft, sold.draft,
            Draft(kind=QuoteTake.kind, body=TakeQuote(quotation_id=taken.id, order_id=sold.id, member_id=who)),
        )),
        work.void_quote(quoted.id, who), with_coupon, work.share(work.id(), 1, "link", who),
    ]  # fmt: skip
    assert set(PERSONAL) <= {draft.kind for draft in about}, "a kind of operation about people is not planted"
    bought = work.order(await numbers.next(), friend.id)
    await tablet.commit(before.draft, about[0], friend.draft, *about[1:], bought.draft)
    await tablet.container.drafts.put("order:half", f'{{"member_id":"{who}","note":"{MARK}"}}'.encode())
    return who, friend.id


def _with_coupon(draft: Draft) -> Draft:
    """The sale with a coupon of one minor unit, and without a note, for which its body goes."""
    assert isinstance(draft.body, Place)
    first, *rest = draft.body.lines
    off = Discount(kind="coupon", amount=1, step=Step.COUPON, source_id=COUPON, promotion_id=first.line_id)
    lines = (msgspec.structs.replace(first, amount=first.amount - 1, discounts=(off,)), *rest)
    totals = draft.body.totals
    less = msgspec.structs.replace(totals, discounts=1, total=totals.total - 1)
    by = PricedBy(coupons=(ChosenCoupon(coupon_id=COUPON, promotion_id=first.line_id),))
    return Draft(kind=draft.kind, body=msgspec.structs.replace(draft.body, lines=lines, totals=less, priced_by=by))


def _joined_fully(draft: Draft) -> Draft:
    """The sign-up with all that it may hold."""
    assert isinstance(draft.body, SignUp)
    signed = Signature(kinds=("terms",), strokes=STROKES)
    more = {"touch_point": f"{MARK} poster", "source": f"{MARK} fair", "birthday": "1990-11-21", "signature": signed}
    return Draft(kind=draft.kind, body=msgspec.structs.replace(draft.body, **more))


def _edits(work: Work, who: str, product_id: str) -> list[Draft]:
    """Every field that a guide may write freely or about others; the last one contradicts the name that is there."""
    set_to: dict[str, tuple[Any, Any]] = {
        "note": ("", MARK), "likes": ([], [MARK]), "tags": ([], [MARK]), "sizes": ({}, {"shoe": MARK}),
        "wishes": ([], [{"product_id": product_id, "since": "2026-11-20T10:00:00.000Z"}]),
        "dates": ([], [{"id": work.id(), "label": MARK, "day": "05-20"}]),
        "household": ([], [{"id": work.id(), "relation": "daughter", "name": MARK}]),
        "name": ("somebody else", f"{MARK} too"),
    }  # fmt: skip
    return [work.edit(who, field, old, new) for field, (old, new) in set_to.items()]


def at_hq(database: str, *texts: str) -> Counter[str]:
    """Table → rows in which one of the texts stands, as text or as bytes."""
    found = Counter[str]()
    with psycopg.connect(database) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            forms = [form for text in texts for form in (text, text.encode().hex())]
            marks = sql.SQL(" OR ").join([sql.SQL("position(%s IN t::text) > 0")] * len(forms))
            query = sql.SQL("SELECT count(*) FROM {} AS t WHERE {}").format(sql.Identifier(table), marks)
            ((count,),) = connection.execute(query, forms).fetchall()
            found[table] += count
    return +found


def in_tables(settings: Settings, *texts: str) -> Counter[str]:
    """Table of a tablet → rows in which one of the texts stands; the search's own tables too."""
    connection = connect(settings.database, _key(settings), cache_mb=4, read_only=True)
    found = Counter[str]()
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found[table] += any(text in _text(value) for value in row for text in texts)
    finally:
        connection.close()
    return +found


def in_files(settings: Settings, *texts: str) -> Counter[str]:
    """File of a tablet → how many of the texts stand in its bytes: of the database and copies of it in every page
    decrypted, free ones too, of its write-ahead log in every frame."""
    found, path, key = Counter[str](), settings.database, _key(settings)
    for file in sorted(one for one in settings.data.rglob("*") if one.is_file()):
        if file.name.startswith(path.name) and file.name.endswith("-wal"):
            held = log_pages(file.with_name(file.name.removesuffix("-wal")), key)
        elif file.name == path.name or file.suffix == ".bak":
            held = file_pages(file, key)
        else:
            held = file.read_bytes()
        found[file.name] += sum(text.encode() in held for text in texts)
    return +found


def _key(settings: Settings) -> bytes:
    key = FileKeySource(settings.keys).load("database")
    assert key is not None
    return key


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
