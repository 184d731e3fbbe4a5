"""The words of products: translations from the committed table, sizes in Chinese, brands made up from syllables."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from guide_app.domain.names import search_keys
from hq.load.source import Source

TABLE = Path(__file__).with_name("translations.csv")
"""kind (department, category), the source's word, English, Chinese."""
FIRST = "云禾岚青沐初晨竹溪棠柚橙星月林川松朴素知安宁悦乐嘉佳惠康健润泽清甜蜜麦稻谷穗田园山海湖泉露雨雪霜晴朗旭"
LAST = "味品选集物语记坊园房屋仓舍家居里间堂斋阁苑庄岭坡湾港岛洲江河涧石木叶花果实粒芽苗根茶茗香韵格调心意念想"
OWN_EN, OWN_ZH = "House", "自有"
UNITS = {
    "OZ": "盎司", "FL OZ": "液盎司", "LB": "磅", "LBS": "磅", "CT": "个", "PK": "包", "ML": "毫升", "L": "升",
    "LTR": "升", "LITER": "升", "GAL": "加仑", "GA": "加仑", "QT": "夸脱", "PT": "品脱", "IN": "英寸", "FT": "英尺",
    "DZ": "打", "DOZ": "打", "SQ FT": "平方英尺", "YD": "码", "GM": "克", "G": "克", "GR": "克", "KG": "千克",
    "EA": "个", "INCH": "英寸", "PC": "件", "SH": "张", "ROLL": "卷",
}  # fmt: skip
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Z][A-Z ]*)")
_WORD = re.compile(r"[A-Za-z']+")


def fill_words(source: Source) -> None:
    """Makes the table `words`(kind, source, en, zh, pinyin, initials): each word is turned once, not per product."""
    rows = [(r["kind"], r["source"], r["en"], r["zh"], *_keys(r["zh"])) for r in translations()]
    sizes = source.rows("SELECT DISTINCT package_size FROM products WHERE package_size IS NOT NULL ORDER BY 1")
    rows += [("size", size, size, in_chinese(size), *_keys(in_chinese(size))) for (size,) in sizes]
    types = source.rows("SELECT DISTINCT product_type FROM products WHERE product_type IS NOT NULL ORDER BY 1")
    rows += [("type", kind, titled(kind), "", "", "") for (kind,) in types]
    makers = source.rows("SELECT manufacturer_id, bool_or(brand = 'Private') FROM products GROUP BY 1 ORDER BY 1")
    rows += [("brand", str(maker), *brand(place, own=own)) for place, (maker, own) in enumerate(makers)]
    columns = ("kind", "source", "en", "zh", "pinyin", "initials")
    source.fill("words", ", ".join(f"{name} VARCHAR" for name in columns), rows)


def translations() -> list[dict[str, str]]:
    """The committed table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_chinese(size: str) -> str:
    """A size with its unit in Chinese: "16 OZ" → "16 盎司"; what is not understood stays."""
    found = _SIZE.fullmatch(size)
    unit = UNITS.get(found[2].strip()) if found else None
    return f"{found[1]} {unit}" if found and unit else size


def titled(words: str) -> str:
    """The source's capitals as a title: "YOGURT NOT MULTI-PACKS" → "Yogurt Not Multi-Packs"."""
    return _WORD.sub(lambda word: word[0].capitalize(), words)


def brand(place: int, *, own: bool) -> tuple[str, str, str, str]:
    """A maker's made-up brand (English, Chinese, pinyin, initials); the chain's own products bear one name."""
    turn, last = divmod(place, len(LAST))
    again, first = divmod(turn, len(FIRST))
    zh = OWN_ZH if own else FIRST[first] + LAST[last] + (FIRST[again] if again else "")
    keys = search_keys(zh)
    return (OWN_EN if own else keys.pinyin.replace(" ", "").capitalize(), zh, keys.pinyin, keys.initials)


def _keys(zh: str) -> tuple[str, str]:
    """Pinyin and initials of words that do not stand first in a name, where no surname is looked for."""
    keys = search_keys(f"a {zh}")
    return keys.pinyin.removeprefix("a "), keys.initials[1:]
