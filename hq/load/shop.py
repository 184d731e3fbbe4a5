"""What the shops and the chain are: stores, policies, settings, the price list's header, the tree of categories."""

from __future__ import annotations

from datetime import timedelta

from guide_app.domain.clock import to_text
from guide_app.domain.records import Category, Names, Policy, PriceList, Settings
from hq.load.people import POLICY_VERSION, TAGS
from hq.load.plan import Plan
from hq.load.source import Source
from hq.load.words import translations

STORES = (
    ("Wutong Road", "梧桐路店"), ("Lake East", "湖东店"), ("South Pond", "南塘店"), ("North Star", "北辰店"),
    ("Bamboo Lane", "竹巷店"), ("Old Town", "老城店"), ("Riverside", "滨江店"), ("Garden Square", "花园广场店"),
    ("West Gate", "西门店"), ("Pine Hill", "松岭店"), ("New Harbour", "新港店"), ("Cloud Valley", "云谷店"),
)  # fmt: skip
"""Names of the stores, in order; their codes begin at 101."""
DATA_NOTE = Names(
    en=(
        "Sample data. Baskets: 84.51° Complete Journey (which calls them simulated), moved in time, cents taken as fen."
        " Names, phones, staff, Chinese words, brands, barcodes, stock, returns, talks, follow-ups and consents are"
        " made up."
    ),
    zh=(
        "示例数据。购物篮来自 84.51° Complete Journey（原说明称为模拟数据），时间已平移，美分按分计。"
        "姓名、电话、员工、中文名称、品牌、条码、库存、退货、接待、待办和授权均为合成。"
    ),
)
TALK_NOTES = (
    "想看看新品", "问了有没有优惠", "给家里老人买", "说周末再来", "喜欢清淡口味", "要和家人商量", "上次买的很满意",
    "孩子开学用", "包装有点破，已换", "想要大包装", "问了保质期", "对价格敏感",
)  # fmt: skip
FOLLOWUP_NOTES = (
    "到货了告诉她", "周末活动提醒一声", "问问用得怎么样", "发新品图给她看", "提醒来取预留的商品",
    "问要不要补货", "说说会员日的优惠",
)  # fmt: skip
_POLICIES = (
    (
        "terms", "Membership terms", "会员条款",
        "I want to be a member; the chain keeps my name, phone and purchases for it.",
        "我愿意成为会员；商家为此保存我的姓名、电话和购买记录。",
    ),
    (
        "marketing_phone", "Calls", "电话联系",
        "My guide may call me about offers and news.", "导购可以打电话告诉我优惠和新品。",
    ),
    (
        "marketing_sms", "Text messages", "短信联系",
        "The shop may send me text messages about offers.", "门店可以发短信告诉我优惠。",
    ),
    (
        "marketing_wechat", "WeChat", "微信联系",
        "My guide may write to me on WeChat.", "导购可以通过微信联系我。",
    ),
)  # fmt: skip


def policies(plan: Plan) -> dict[str, Policy]:
    """The words that members agreed to, by id."""
    return {
        plan.made_id(f"policy:{kind}"): Policy(
            kind=kind, version=POLICY_VERSION, title=Names(en=en, zh=zh), text=Names(en=text_en, zh=text_zh),
            required=kind == "terms", position=place,
        )
        for place, (kind, en, zh, text_en, text_zh) in enumerate(_POLICIES)
    }  # fmt: skip


def settings() -> Settings:
    """The chain's settings, with what is to be said about the data."""
    return Settings(tags=TAGS, data_note=DATA_NOTE)


def price_list(plan: Plan) -> PriceList:
    """The header of the one list: valid from the first day of the year until well after `as_of`."""
    return PriceList(
        names=Names(en="Chain prices (synthetic)", zh="连锁价目表（合成）"), version=1, currency="CNY",
        valid_from=to_text(plan.now - timedelta(days=400)), valid_until=to_text(plan.now + timedelta(days=400)),
    )  # fmt: skip


def categories(plan: Plan, source: Source) -> dict[str, Category]:
    """Departments and their categories by id, the busiest first. A category is its path: names stand in several."""
    words = {(row["kind"], row["source"]): Names(en=row["en"], zh=row["zh"]) for row in translations()}
    tree = source.rows(
        "SELECT department, category, count(l.n) AS n FROM item LEFT JOIN line l USING (product)"
        " WHERE department IS NOT NULL GROUP BY ALL ORDER BY n DESC, department, category"
    )
    found: dict[str, Category] = {}
    for department in dict.fromkeys(row[0] for row in tree):
        top = plan.made_id(f"category:{department}")
        found[top] = Category(names=words["department", department], position=len(found))
        for category in (row[1] for row in tree if row[0] == department and row[1] is not None):
            found[plan.made_id(f"category:{department}/{category}")] = Category(
                names=words["category", category], parent_id=top, position=len(found)
            )
    return found
