"""The scripted day of two tablets of one shop, and the comparison of what was done with what HQ then holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.link import Link
from tests.e2e.stage import Hq, Sql
from tests.e2e.tablet import Tablet

PIN = "246810"
"""Every PIN of the loaded data: synthetic."""
LINES = 5
STEP_S = 240


@dataclass
class Done:
    """What the guides did, as they saw it on their screens."""

    phone: str = ""
    number: str = ""
    total: str = ""
    ops: dict[str, int] = field(default_factory=dict)

    def op(self, kind: str, count: int = 1) -> None:
        """One more operation of a kind."""
        self.ops[kind] = self.ops.get(kind, 0) + count


class Day:
    """The first tablet speaks English, the second Chinese."""

    def __init__(
        self, hq: Hq, sql: Sql, links: list[Link], tablets: list[Tablet], pictures: Path, say: Callable[[str], None]
    ) -> None:
        self._hq, self._sql, self._links, self._tablets = hq, sql, links, tablets
        self._pictures, self._say = pictures, say
        self._done = Done()
        self._store, self._code = sql.rows("select id, code from store order by code limit 1")[0]
        staff = "select name from staff where store_id=%(s)s and active order by staff_no"
        self._guides = [row[0] for row in sql.rows(staff, s=self._store)]
        self._start = sql.one("select now()")
        self._step = 0

    def play(self) -> int:
        """Plays it; 0 when HQ holds what was done."""
        one, two = self._tablets
        for tablet, link in zip(self._tablets, self._links, strict=True):
            self._begin(tablet, link)
        self._sign_in(one, self._guides[1])
        self._sign_in(two, self._guides[2])
        self._links[1].down()
        self._find_by_tail(one)
        self._sign_up(one, "Synthetic Anna")
        self._until_sent(1)
        self._links[0].down()
        self._say("the link of both tablets is down")
        self._order(one)
        self._talk(one)
        one.kill()
        self._say(f"the first tablet was killed with SIGKILL and started again in {one.start():.1f} s")
        self._sign_in(one, self._guides[1])
        self._see_order_again(one)
        self._sign_up(two, "合成安娜")
        for link in self._links:
            link.up()
        self._say("the link is back")
        self._until_sent(sum(self._done.ops.values()))
        self._in_step()
        for tablet, language in ((one, "en"), (two, "zh_CN")):
            self._tour(tablet, language)
        wrong = self._compare()
        for tablet in self._tablets:
            tablet.close()
        return wrong

    # ------------------------------------------------------------------ what the guides do

    def _begin(self, tablet: Tablet, link: Link) -> None:
        self._say(f"{tablet.name}: window after {tablet.start():.1f} s")
        tablet.wait_for_any(("enrol-code", "key-1"))
        if not tablet.sees("enrol-code"):
            return
        self._picture(tablet, "enrol")
        code = self._hq.command("enrol-code", "--store", self._code).split()[0]
        tablet.click("enrol-address")
        tablet.type(link.url)
        tablet.click("enrol-code")
        tablet.type(code)
        began = time.monotonic()
        tablet.click("enrol")
        tablet.wait_for("first-sync-progress", 60)
        time.sleep(1.5)
        self._picture(tablet, "first-sync")
        tablet.wait_for("key-1", 900)
        self._say(f"{tablet.name}: enrolled and first sync done in {time.monotonic() - began:.0f} s")

    def _sign_in(self, tablet: Tablet, guide: str) -> None:
        tablet.click(f"guide-{guide}")
        self._picture(tablet, "lock")
        for digit in PIN:
            tablet.click(f"key-{digit}")
        tablet.wait_for("rail-Today")
        self._picture(tablet, "today")

    def _find_by_tail(self, tablet: Tablet) -> None:
        name, phone = self._sql.rows(
            "select name, phone from member where store_id=%(s)s and order_count > 30 order by phone limit 1",
            s=self._store,
        )[0]
        tablet.click("rail-Members")
        tablet.click("member-search")
        tablet.type(phone[-4:])
        tablet.click("member-row")
        tablet.wait_for("order-for-member")
        self._picture(tablet, "member")
        self._say(f"found {name} by the tail of the phone, {phone[-4:]}")

    def _sign_up(self, tablet: Tablet, name: str) -> None:
        if not self._done.phone:
            self._done.phone = f"+86139{int(time.time()) % 100_000_000:08d}"
        tablet.click("rail-Members")
        tablet.click("sign-up-new")
        tablet.click("phone")
        tablet.type(self._done.phone.removeprefix("+86"))
        tablet.wait_for("phone-good")
        tablet.click("name")
        tablet.type(name)
        tablet.wait_for("segment-yes")  # what is asked for is read from the disk
        for nth in range(tablet.count("segment-yes")):
            tablet.click("segment-yes", nth)
        self._picture(tablet, "sign-up")
        tablet.click("save-member")
        tablet.wait_for("order-for-member")
        self._done.op("member.sign_up")
        self._say(f"{tablet.name}: signed up {name}")

    def _order(self, tablet: Tablet) -> None:
        tablet.click("order-for-member")
        tablet.wait_for("product-card")
        self._picture(tablet, "order-empty")
        for nth in range(LINES):
            tablet.click("product-card", nth)
        tablet.wait_text("basket-saved", f"{LINES} ")  # of a long basket only the lines in sight are drawn
        self._picture(tablet, "order")
        self._done.total = tablet.text_of("basket-total")
        tablet.click("place-order")
        tablet.wait_for("order-number")
        self._done.number = tablet.text_of("order-number").replace("-", "")
        self._picture(tablet, "orders")
        self._done.op("order.place")
        self._say(f"{tablet.name}: placed order {self._done.number} of {LINES} lines, {self._done.total}")

    def _talk(self, tablet: Tablet) -> None:
        tablet.click("rail-Members")
        tablet.click("member-search")
        tablet.type(self._done.phone[-8:])
        tablet.click("member-row")
        tablet.click("log-talk")
        for choice in ("talk-in_store", "talk-interested", "talk-size"):
            tablet.click(choice)
        tablet.wait_for("talk-saved")
        self._picture(tablet, "talk")
        tablet.click("talk-done")
        self._done.op("talk.log")
        self._say(f"{tablet.name}: logged a talk in three taps")

    def _see_order_again(self, tablet: Tablet) -> None:
        tablet.click("rail-Order")
        tablet.click("to-orders")
        tablet.click("order-row")
        tablet.wait_for("order-number")
        shown = tablet.text_of("order-number").replace("-", "")
        assert shown == self._done.number, f"the order is {shown} after the kill"

    def _tour(self, tablet: Tablet, language: str) -> None:
        for page in ("rail-Today", "rail-Members", "rail-Order", "to-orders", "sync-pill", "guide"):
            tablet.click(page)
            time.sleep(0.8)
            self._picture(tablet, f"tour-{page}")
        tablet.size(800, 1280)
        for page in ("rail-Today", "rail-Members", "rail-Order", "sync-pill", "guide"):
            tablet.click(page)
            time.sleep(0.8)
            self._picture(tablet, f"tour-portrait-{page}")
        tablet.size(1280, 800)
        self._say(f"pictures of every page in {language} lie in {self._pictures}")

    def _picture(self, tablet: Tablet, name: str) -> None:
        tablet.shot(self._pictures.absolute() / f"{name}-{tablet.name.removeprefix('tablet-')}.png")

    # ------------------------------------------------------------------ what HQ holds

    def _until_sent(self, count: int) -> None:
        end = time.monotonic() + STEP_S
        while (held := self._held()) < count:
            assert time.monotonic() < end, f"HQ has {held} of {count} operations"
            time.sleep(0.3)

    def _held(self) -> int:
        return int(
            self._sql.one(
                "select count(*) from op_log where store_id=%(s)s and received_at > %(t)s", s=self._store, t=self._start
            )
        )

    def _in_step(self) -> None:
        head = "select max(head) from scope_head where store_id=%(s)s"
        before = self._sql.one(head, s=self._store)
        for tablet in self._tablets:
            tablet.click("rail-Members")
            tablet.click("member-search")
            tablet.type(self._done.phone[-8:])
            tablet.wait_count("member-row", 1)
        assert self._sql.one(head, s=self._store) == before, "the feed moves though nothing is done"

    def _compare(self) -> int:
        """What was done beside what HQ holds, by plain SQL; the number of lines that differ."""
        s, d = self._store, self._done
        member = self._sql.rows(
            "select id, order_count, spent from member where store_id=%(s)s and phone=%(p)s", s=s, p=d.phone
        )
        ids = [row[0] for row in member]
        order = self._sql.rows(
            "select o.total, count(l.*), sum(l.amount), o.member_id "
            "from shop_order o join order_line l on l.order_id = o.id "
            "where o.store_id=%(s)s and o.number=%(n)s group by o.id",
            s=s,
            n=d.number,
        )
        minor = int("".join(c for c in d.total if c.isdigit()))
        lines: list[tuple[str, Any, Any]] = [
            ("members with the phone", 1, len(member)),
            ("aliases that lead to it", 1, self._count("member_alias where member_id = any(%(ids)s)", ids=ids)),
            ("orders with the number", 1, len(order)),
            ("its lines", LINES, order[0][1] if order else None),
            ("its total, minor units", minor, order[0][0] if order else None),
            ("sum of its lines", minor, int(order[0][2]) if order else None),
            ("it is the member's", True, bool(order) and order[0][3] in ids),
            ("the member's orders and sum", (1, minor), tuple(member[0][1:]) if member else None),
            ("talks with the member", 1, self._count("talk where member_id = any(%(ids)s)", ids=ids)),
        ]
        logged = "op_log where store_id=%(s)s and kind=%(k)s and received_at > %(t)s"
        lines += [
            (f"operations {kind}", count, self._count(logged, s=s, k=kind, t=self._start))
            for kind, count in sorted(d.ops.items())
        ]
        self._say(f"\n{'':34}{'done':>16}{'HQ holds':>16}")
        for name, done, held in lines:
            self._say(f"{name:34}{done!s:>16}{held!s:>16}{'' if done == held else '   DIFFERS'}")
        return sum(1 for _, done, held in lines if done != held)

    def _count(self, what: str, **values: Any) -> int:
        return int(self._sql.one(f"select count(*) from {what}", **values))
