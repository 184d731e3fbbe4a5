"""Every code that HQ can answer is told on the tablet, in words of its own in both languages, with what can be done."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from guide_app.domain.records import Names
from guide_app.services.attention import repairs
from guide_app.services.ports.engine import AttentionRow
from hq.handlers.words import WORDS
from local_store.repositories.attention import TOLD_CODES
from tests.qt.viewmodels.on_store import OnStore
from ui.viewmodels.attention_words import attention_line, told_words
from ui.viewmodels.base import Desk
from ui.viewmodels.problems import problem_words

DOCUMENT = (Path(__file__).parents[3] / "docs" / "sync-protocol.md").read_text(encoding="utf-8")
SHOWN_BY_THE_ROW = {
    "conflict": "on the member, and as a row of its own",
    "out_of_stock": "by the order that is to be settled",
    "way_too_late": "by the order that is to be settled, on every tablet of the shop",
    "left_cancelled": "by the order that is to be settled, on every tablet of the shop",
    "settled_twice": "by the order whose goods left, on every tablet of the shop",
    "overpaid": "by the order of which money is to be given back",
    "gift_twice": "as a row of its own, and in passing",
    "return_too_many": "by the order's returns",
    "refund_variance": "by the order's returns",
}
NOT_TOLD = {
    "variance": "the price that was promised stands; why it differs is HQ's to look at",
    "staff_limit": "the order stands; no tablet of ours sells so, and HQ settles it with the colleague",
    "approval_missing": "the price that was promised stands; who should have allowed it is HQ's to look at",
    "lease_unknown": "the tablet gave back by itself what HQ has no more",
    "lease_elsewhere": "the tablet gave back by itself what another one has",
}


def listed(status: str) -> set[str]:
    """The codes of the contract's table."""
    row = re.search(rf"^\| {status} \| (.*) \|$", DOCUMENT, re.M)
    assert row, f"no codes of {status}"
    return set(re.findall(r"`([a-z_]+)`", row[1]))


def row_of(kind: str, code: str, op_kind: str = "order.cancel") -> AttentionRow:
    return AttentionRow(
        key="k", kind=kind, code=code, at="", op_kind=op_kind, order_id="o", order_number="N", member_id="m"
    )


def test_every_code_of_hq_is_told_in_one_way() -> None:
    applied = listed("applied")
    assert applied == {*TOLD_CODES, *SHOWN_BY_THE_ROW, *NOT_TOLD}
    assert set(WORDS) == applied | listed("parked") | listed("rejected") | listed("merged")


@pytest.mark.asyncio
async def test_each_has_words_in_both_languages_and_what_can_be_done(shop: OnStore) -> None:
    desk = Desk(shop.tasks.spawn, shop.heard, shop.figures, shop.heard)
    rows = [
        *(row_of("parked", code) for code in sorted(listed("parked"))),
        *(row_of("rejected", code) for code in sorted(listed("rejected"))),
        *(row_of(code, code) for code in TOLD_CODES),
    ]
    english = [attention_line(row, desk) for row in rows]
    with shop.chinese():
        chinese = [attention_line(row, desk) for row in rows]
    for row, here, there in zip(rows, english, chinese, strict=True):
        assert here.title
        assert here.why
        assert f"({row.code})" not in here.why, "its own words"
        assert here.title != there.title, row.code
        assert here.why != there.why, row.code
        assert row.kind == "parked" or here.repairs[0] in ("open_order", "open_member"), row.code
        assert repairs(row) == tuple(here.repairs)


@pytest.mark.asyncio
async def test_goods_that_another_shop_took_back_before_are_told_with_where(shop: OnStore) -> None:
    desk = Desk(shop.tasks.spawn, shop.heard, shop.figures, shop.heard)
    row = msgspec.structs.replace(
        row_of("return_too_many", "return_too_many", "order_copy.return"), store=Names(en="West", zh="西店")
    )
    line = attention_line(row, desk)
    assert (line.title, list(line.repairs)) == ("Already returned at West", ["undo_return", "seen"])
    with shop.chinese():
        assert attention_line(row, desk).title == "已在西店退货"
    own = attention_line(row_of("return_too_many", "return_too_many", "order.return"), desk)
    assert (own.title, own.repairs[1]) == ("More came back than was there", "open_order")


def test_a_code_of_a_later_version_is_named() -> None:
    assert "later" not in told_words()
    assert "(later)" in problem_words("later")
