"""The people of the loaded year, all of them made up: staff and members with names, phones, birthdays and consents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from faker import Faker

from guide_app.domain import names, phone
from guide_app.domain.numbers import compose
from guide_app.domain.records import Consent, Member, Settings, Staff
from hq.load.plan import GUIDES, Plan
from hq.load.source import Source

NUMBER_LETTERS = "ZZ"
"""The device letters of imported numbers: HQ gives letters from AA on."""
MEMBER_MARK, ORDER_MARK = "2M", "2N"
"""What stands for the incarnation in imported numbers of members and of orders."""
POLICY_VERSION = "1"
CONSENTS = {"terms": 100, "marketing_phone": 45, "marketing_sms": 60, "marketing_wechat": 75}
"""Kind → how many of 100 members granted it, among those who were asked."""
PREFIXES = (*range(130, 140), *range(150, 154), *range(155, 160), *range(176, 179), *range(180, 190))
"""Of Chinese mobile numbers."""
PETS, BABIES, NEWEST = "家有宠物", "家有宝宝", "喜欢新品"
TAGS = (PETS, BABIES, "常客", NEWEST, "周末来", "送礼")


class People:
    """Makes people in a fixed order from one seed."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._random = Random(plan.seed)  # noqa: S311 - synthetic data, to be made again alike
        self._chinese, self._latin = Faker("zh_CN"), Faker("en_GB")
        self._chinese.seed_instance(plan.seed)
        self._latin.seed_instance(plan.seed)
        self._phones: set[str] = set()

    def staff(self, pin: str) -> Iterator[Staff]:
        """One store's people, the manager first; `pin` is the PHC string of the PIN that they all have."""
        for slot in range(GUIDES):
            name, number = self._chinese.name(), f"{slot + 1:03d}"
            if slot == 0:
                yield Staff(name=name, staff_no=number, role="manager", pin=pin)
            else:
                yield Staff(name=name, staff_no=number, pin=pin)

    def member(self, number: str, store_id: str, owner_id: str, row: HouseholdRow) -> Member:
        """A household as a member; its figures are those of its orders and talks."""
        chance = self._random
        gender = chance.choice(("f", "f", "f", "m", "m"))
        words = self._latin if chance.random() < 0.08 else self._chinese
        name = words.name_female() if gender == "f" else words.name_male()
        keys = names.search_keys(name)
        return Member(
            member_no=number, phone=self._phone(), name=name, pinyin=keys.pinyin, initials=keys.initials,
            gender="" if chance.random() < 0.1 else "f" if gender == "f" else "m", birthday=self._birthday(),
            source=chance.choice(Settings().sources), tags=self._tags(row), consents=self._consents(row.joined_at),
            owner_id=owner_id, home_store_id=store_id, joined_at=row.joined_at, order_count=row.orders, spent=row.spent,
            last_contact_at=row.last_contact_at,
        )  # fmt: skip

    def _phone(self) -> str:
        while True:
            number = f"+86{self._random.choice(PREFIXES)}{self._random.randrange(10**8):08d}"
            if number not in self._phones and phone.is_valid_e164(number):
                self._phones.add(number)
                return number

    def _birthday(self) -> str:
        """Spread over the year; some told no year, some nothing."""
        day = date(1952, 1, 1) + timedelta(days=self._random.randrange(365 * 54))
        kind = self._random.random()
        return "" if kind < 0.1 else f"{day:%m-%d}" if kind < 0.6 else f"{day:%Y-%m-%d}"

    def _consents(self, at: str) -> tuple[Consent, ...]:
        if self._random.random() < 0.12:
            return ()
        return tuple(
            Consent(kind=kind, granted=self._random.randrange(100) < share, policy_version=POLICY_VERSION, ver=1, at=at)
            for kind, share in CONSENTS.items()
        )

    def _tags(self, row: HouseholdRow) -> tuple[str, ...]:
        often = ((PETS, row.pet_lines > 2), (BABIES, row.baby_lines > 2), ("常客", row.orders > 100))
        return tuple(tag for tag, has in often if has) + ((NEWEST,) if self._random.random() < 0.1 else ())


class HouseholdRow(NamedTuple):
    """What the orders and talks of a household add up to (sql/households.sql); times RFC 3339."""

    shop: int
    id: str
    slot: int
    joined_at: str
    orders: int
    spent: int
    last_contact_at: str
    pet_lines: int
    baby_lines: int


def households(source: Source) -> Iterator[HouseholdRow]:
    """All of them, in a fixed order."""
    yield from (HouseholdRow(*row) for row in source.rows("SELECT * EXCLUDE (household) FROM household_row"))


def number(store_code: str, mark: str, n: int) -> str:
    """The number of a store's n-th (from 1) imported member or order."""
    return compose(store_code, NUMBER_LETTERS, mark, n)
