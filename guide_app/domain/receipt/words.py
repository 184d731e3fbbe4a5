"""The fixed words on paper, in both languages: a receipt is in the shop's language, whatever the screen speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from guide_app.domain.money import exponent
from guide_app.domain.records.base import Names

PaperLanguage = Literal["en", "zh"]

_CHINESE_REGIONS = frozenset({"CN", "HK", "MO", "TW"})
_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}
WORDS: Mapping[str, Names] = {
    "receipt": Names(en="Receipt", zh="销售小票"),
    "copy": Names(en="COPY", zh="副本"),
    "copied": Names(en="Copy printed {at}", zh="副本打印于 {at}"),
    "cancelled": Names(en="CANCELLED", zh="已取消"),
    "quotation": Names(en="Quotation", zh="报价单"),
    "quotation_number": Names(en="Quotation", zh="报价单号"),
    "quotation_until": Names(en="Valid until", zh="有效期至"),
    "quotation_holds": Names(en="These prices hold until {day}.", zh="以上价格有效期至 {day}（含当日）。"),
    "quotation_is_no_receipt": Names(en="This is no receipt: nothing is paid.", zh="本单不是付款凭证，未收款。"),
    "quotation_ordered": Names(en="ORDERED", zh="已转订单"),
    "quotation_void": Names(en="TAKEN BACK", zh="已撤回"),
    "number": Names(en="Order", zh="订单号"),
    "time": Names(en="Time", zh="时间"),
    "guide": Names(en="Served by", zh="导购"),
    "member": Names(en="Member", zh="会员"),
    "staff": Names(en="Staff purchase", zh="内购"),
    "fulfilment": Names(en="Goods", zh="提货方式"),
    "fulfilment.take_away": Names(en="taken away", zh="现场自提"),
    "fulfilment.pick_up": Names(en="to be picked up", zh="到店取货"),
    "fulfilment.ship": Names(en="to be sent", zh="配送到家"),
    "fulfilment.pre_order": Names(en="ordered ahead", zh="预订"),
    "fulfilment.from": Names(en="Shop", zh="门店"),
    "fulfilment.when": Names(en="When", zh="时间"),
    "fulfilment.fast": Names(en="within two hours", zh="两小时内"),
    "label": Names(en="TO BE SENT TO", zh="收件人"),
    "label.from": Names(en="From", zh="寄件门店"),
    "pieces": Names(en="{n} pieces", zh="共 {n} 件"),
    "piece": Names(en="1 piece", zh="共 1 件"),
    "subtotal": Names(en="Before discounts", zh="优惠前合计"),
    "discounts": Names(en="Discounts", zh="优惠合计"),
    "total": Names(en="Total", zh="合计"),
    "owed": Names(en="To pay", zh="待付"),
    "refund": Names(en="To give back", zh="应退"),
    "given_back": Names(en="Given back ({how})", zh="已退（{how}）"),
    "handed": Names(en="Handed over", zh="实收"),
    "change": Names(en="Change", zh="找零"),
    "unknown": Names(en="Product", zh="商品"),
    "method.till": Names(en="At the till", zh="收银台"),
    "method.cash": Names(en="Cash", zh="现金"),
    "method.card": Names(en="Card", zh="银行卡"),
    "method.other": Names(en="Other", zh="其他"),
    "method.coupon": Names(en="Coupon", zh="优惠券"),
    "method.exchange": Names(en="Goods brought back", zh="换货抵扣"),
    "method.gift_card": Names(en="Gift card", zh="礼品卡"),
    "method.points": Names(en="Points", zh="积分"),
    "method.wechat": Names(en="WeChat Pay", zh="微信支付"),
    "method.alipay": Names(en="Alipay", zh="支付宝"),
    "method.qr": Names(en="By QR code", zh="扫码支付"),
    "method.link": Names(en="By link", zh="链接支付"),
    "method.later": Names(en="Later", zh="稍后付款"),
    "reason.promotion": Names(en="Promotion", zh="促销"),
    "reason.coupon": Names(en="Coupon", zh="优惠券"),
    "reason.retail": Names(en="Shop discount", zh="门店优惠"),
    "reason.coupon_match": Names(en="Coupon match", zh="优惠券加赠"),
    "reason.member": Names(en="Member price", zh="会员价"),
    "reason.staff": Names(en="Staff price", zh="内购价"),
    "reason.manual": Names(en="By agreement", zh="议价"),
    "reason.points": Names(en="Points", zh="积分抵扣"),
    "reason.rounding": Names(en="Rounding", zh="抹零"),
    "close": Names(en="Day's close", zh="日结单"),
    "closed_by": Names(en="Closed by", zh="日结人"),
    "closed_at": Names(en="Closed at", zh="日结时间"),
    "as_of": Names(en="As of", zh="截至"),
    "sales": Names(en="Sales", zh="销售"),
    "sold_pieces": Names(en="Pieces", zh="件数"),
    "cancelled_orders": Names(en="Cancelled", zh="取消"),
    "returns": Names(en="Returned", zh="退货"),
    "unpaid": Names(en="Not paid yet", zh="未付"),
    "waiting": Names(en="Not at HQ yet", zh="未传总部"),
    "money": Names(en="Money", zh="收款"),
    "net": Names(en="Taken in all", zh="实收合计"),
    "cash_due": Names(en="Cash by the figures", zh="应有现金"),
    "cash_counted": Names(en="Cash counted", zh="清点现金"),
    "cash_difference": Names(en="Difference", zh="差额"),
    "difference.miscounted": Names(en="Perhaps miscounted", zh="可能点错"),
    "difference.wrong_change": Names(en="Wrong change was given", zh="找零有误"),
    "difference.petty_cash": Names(en="Taken for a small expense", zh="零星支出"),
    "difference.not_booked": Names(en="A payment was not booked", zh="有收款未登记"),
    "difference.unknown": Names(en="Nobody knows why", zh="原因不明"),
    "by_guide": Names(en="By guide", zh="按导购"),
    "by_hour": Names(en="By hour", zh="按时段"),
    "since_close": Names(en="Since the close", zh="日结后变化"),
    "late": Names(en="Came later", zh="后到订单"),
    "gone": Names(en="Cancelled since", zh="之后取消"),
    "test": Names(en="Test page", zh="测试页"),
    "test.width": Names(en="Both ends of this line are whole:", zh="下面这一行两端都应完整："),
    "test.chinese": Names(en="Chinese: 中文打印正常 ￥12.80", zh="中文：中文打印正常 ￥12.80"),
    "test.big": Names(en="Large 大字", zh="大字 Large"),
    "test.end": Names(en="The paper is cut below this line.", zh="纸应在这一行下面切断。"),
}
"""What is said, by what it is about; words of the trade that this version does not know are printed as they came."""


def word(key: str, language: PaperLanguage, **values: object) -> str:
    """A word of `WORDS`; what has none is its last part, as it came."""
    names = WORDS.get(key)
    if names is None:
        return key.rpartition(".")[2]
    said = names.zh if language == "zh" else names.en
    return said.format(**values) if values else said


def named(names: Names, language: PaperLanguage) -> str:
    """A name in the paper's language, or in the other where there is none in it."""
    return (names.zh or names.en) if language == "zh" else (names.en or names.zh)


def language_of(setting: Literal["", "en", "zh"], region: str) -> PaperLanguage:
    """The paper's language: HQ's setting, else what most customers of the shop's region (ISO 3166) read."""
    return setting or ("zh" if region in _CHINESE_REGIONS else "en")


def money(minor: int, currency: str) -> str:
    """An amount with its own number of decimals, grouped by thousands, the currency's sign before it."""
    return _figure(minor, _SYMBOLS.get(currency, f"{currency} "), currency)


def bare(minor: int, currency: str) -> str:
    """As `money`, without the currency's sign: inside a list that says the currency once."""
    return _figure(minor, "", currency)


def _figure(minor: int, symbol: str, currency: str) -> str:
    digits = exponent(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{symbol}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
