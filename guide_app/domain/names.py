"""Names as they are searched for: by characters, full pinyin, given name, initials; the same on the tablet and at HQ.

What a record keeps (HQ computes it, the tablet does so for its own sign-ups):

    pinyin      syllables without tones, apart by spaces, ü written v as keyboards do:  吕布 → "lv bu"
    initials    first letters of the syllables:                                         吕布 → "lb"

What the full-text index is fed with, made from those without pypinyin:

    spaced(name)            "吕 布"; a query is spaced too and asked as a phrase, so any run of characters is found
    pinyin_tokens(pinyin)   "lvbu bu lubu lyubu": from each syllable to the end, in all three spellings of ü; the prefix
                            query of pinyin_query("Lü B") = "lub", of "lvb" or of "bu" finds it

Only the first 32 characters of a name count: enough for any name, and bounded work for a mischievous one.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

_KEYED = 32
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PIECES = re.compile(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")
_UMLAUT = {"lv", "lve", "nv", "nve"}


def _table(text: str) -> dict[str, str]:
    """Pairs of name and reading as a table; a reading of several syllables joins them by "-"."""
    words = text.split()
    return dict(zip(words[::2], (word.replace("-", " ") for word in words[1::2]), strict=True))


# Surnames whose reading is not the character's commonest one, which is what pypinyin gives.
_SURNAMES = _table("""
    单 shan 單 shan 曾 zeng 仇 qiu 解 xie 查 zha 朴 piao 区 ou 區 ou 盖 ge 蓋 ge 缪 miao 繆 miao 翟 zhai 折 she 乐 yue
    樂 yue 员 yun 員 yun 种 chong 種 chong 秘 bi 洗 xian 隗 wei 覃 qin 繁 po 召 shao 黑 he 祭 zhai 佴 nai 郇 xun 阚 kan
    闞 kan 句 gou 都 du 长 chang 長 chang 卜 bu 薄 bo
""")

# Surnames of two characters: their own readings win over those of the single characters (单于, 尉迟, 万俟, 长孙, 乐正).
_DOUBLE_SURNAMES = _table("""
    欧阳 ou-yang 歐陽 ou-yang 太史 tai-shi 端木 duan-mu 上官 shang-guan 司马 si-ma 司馬 si-ma 东方 dong-fang
    東方 dong-fang 独孤 du-gu 南宫 nan-gong 万俟 mo-qi 萬俟 mo-qi 闻人 wen-ren 夏侯 xia-hou 诸葛 zhu-ge 諸葛 zhu-ge
    尉迟 yu-chi 尉遲 yu-chi 公羊 gong-yang 赫连 he-lian 澹台 tan-tai 皇甫 huang-fu 宗政 zong-zheng 濮阳 pu-yang
    公冶 gong-ye 太叔 tai-shu 申屠 shen-tu 公孙 gong-sun 慕容 mu-rong 仲孙 zhong-sun 钟离 zhong-li 长孙 zhang-sun
    長孫 zhang-sun 宇文 yu-wen 司徒 si-tu 鲜于 xian-yu 司空 si-kong 闾丘 lv-qiu 子车 zi-ju 亓官 qi-guan 司寇 si-kou
    巫马 wu-ma 公西 gong-xi 颛孙 zhuan-sun 壤驷 rang-si 公良 gong-liang 漆雕 qi-diao 乐正 yue-zheng 宰父 zai-fu
    谷梁 gu-liang 拓跋 tuo-ba 夹谷 jia-gu 轩辕 xuan-yuan 令狐 ling-hu 段干 duan-gan 百里 bai-li 呼延 hu-yan
    东郭 dong-guo 南门 nan-men 羊舌 yang-she 微生 wei-sheng 左丘 zuo-qiu 东门 dong-men 西门 xi-men 单于 chan-yu
    單于 chan-yu 淳于 chun-yu 梁丘 liang-qiu
""")


class SearchKeys(msgspec.Struct, frozen=True):
    """What a name is found by; ``pinyin`` and ``initials`` are stored on the record, ``chars`` goes to the index."""

    pinyin: str
    initials: str
    chars: str


def fold(text: str) -> str:
    """Compatible forms made one, accents and tone marks removed, lower case: "Ｍüller" → "muller"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", plain).casefold()


def spaced(text: str) -> str:
    """Its letters and digits one by one, apart by spaces; everything else is dropped: "O'Neil 单" → "o n e i l 单"."""
    return " ".join(c for c in fold(text[:_KEYED]) if c.isalnum())


def search_keys(name: str) -> SearchKeys:
    """The keys of a name, surname first for Chinese; a name of signs alone gives empty keys."""
    folded = fold(name[:_KEYED])
    syllables: list[str] = []
    for piece in _PIECES.finditer(folded):
        han, word = piece.groups()
        syllables += _readings(han, starts_name=not syllables) if han else [word]
    return SearchKeys(" ".join(syllables), "".join(s[0] for s in syllables), spaced(name))


def pinyin_tokens(pinyin: str) -> str:
    """What the index holds for a stored ``pinyin``: the name from each syllable on, every ü as v, u and yu."""
    syllables = pinyin.split()
    spellings = [[s.replace("v", u) if s in _UMLAUT else s for s in syllables] for u in ("v", "u", "yu")]
    return " ".join(dict.fromkeys("".join(spelling[i:]) for spelling in spellings for i in range(len(syllables))))


def pinyin_query(text: str) -> str:
    """What was typed, as the beginning of one of those tokens: no tones, spaces or apostrophes; ü counts as u."""
    return "".join(c for c in fold(text[:_KEYED]) if c.isalnum())


def _readings(han: str, *, starts_name: bool) -> list[str]:
    """Pinyin of a run of Chinese characters; a character that no dictionary knows stays as it is."""
    from pypinyin import lazy_pinyin  # its dictionaries take 100 ms, which no start of the app should pay

    surname, reading = "", ""
    if starts_name:
        surname = next((s for s in (han[:2], han[:1]) if s in _DOUBLE_SURNAMES or s in _SURNAMES), "")
        reading = _DOUBLE_SURNAMES.get(surname) or _SURNAMES.get(surname, "")
    if not surname and starts_name:
        # Read alone, so that surname and given name are not taken for a word that reads differently.
        surname, reading = han[0], lazy_pinyin(han[0])[0]
    return reading.split() + (lazy_pinyin(han[len(surname) :]) if han[len(surname) :] else [])
