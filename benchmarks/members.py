"""Synthetic members for benchmarks, made from a seed: names of real surnames and common characters, no real person."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from guide_app.domain.names import search_keys
from guide_app.domain.records import Member
from sync.protocol.messages import Row

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁"
    "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万钱严覃武戴"
    "莫孔向常"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉萍红娥玲芬燕彬鹏华慧建国志文海波宇浩欣怡子轩梓"
    "涵雨泽思佳悦晨睿博雅婷诗琪嘉俊雪梅云天一鸣晓东春生"
)
LATIN = ("Anna Schmidt", "John Smith", "Maria Garcia", "Wei Chen", "Olga Ivanova", "David Brown")


def member(n: int, chosen: random.Random, keys: dict[str, tuple[str, str]]) -> tuple[str, Member]:
    """Member number n: (id, record)."""
    if n % 50 == 0:
        name = chosen.choice(LATIN)
    else:
        name = chosen.choice(SURNAMES) + "".join(chosen.choice(GIVEN) for _ in range(chosen.choice((1, 2, 2))))
    if name not in keys:
        found = search_keys(name)
        keys[name] = (found.pinyin, found.initials)
    pinyin, initials = keys[name]
    at = f"2026-{1 + n % 11:02d}-{1 + n % 28:02d}T{n % 24:02d}:00:00.000Z"
    return f"{chosen.getrandbits(32):08x}-0000-7000-8000-{n:012x}", Member(
        member_no=f"101AB7K{n:05d}3", phone=f"+861{_phone(n)}", name=name,
        pinyin=pinyin, initials=initials, gender=chosen.choice(("f", "m")), source="walk_in",
        birthday=f"{1 + n % 12:02d}-{1 + n % 28:02d}", level=chosen.choice(("", "silver", "gold")),
        owner_id=f"{n % 30:08x}-0000-7000-8000-00000000aaaa",
        home_store_id="00000000-0000-7000-8000-0000000000a1", joined_at=at, order_count=n % 40, spent=n * 7 % 900_000,
        last_contact_at=at,
    )  # fmt: skip


def _phone(n: int) -> int:
    """Another one for each n, spread over all that there are."""
    return 3_000_000_000 + n * 2_654_435_761 % 6_999_999_999


def rows(count: int, scope: str, seed: int = 7) -> Iterator[Row]:
    """Feed rows of so many members."""
    chosen, keys = random.Random(seed), dict[str, tuple[str, str]]()
    for n in range(1, count + 1):
        row_id, record = member(n, chosen, keys)
        yield Row(s=scope, q=n, e="member", id=row_id, v=1, o="put", d=msgspec.Raw(msgspec.json.encode(record)))
