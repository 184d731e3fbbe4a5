"""The words that members and products are found by, and what a typed text asks of them.

A row's words stand in its column `words`, each after a space (" wangxiaoming xiaoming ming wxm xm m #4321 …"), and each
is a key of the search index; a row is found by the beginning of any of its words. A run of Chinese characters is there
from every character on, pinyin from every syllable on, initials likewise, so that a given name is found too. A phone
number stands reversed behind a "#", so that its tail is a beginning. What a material is narrowed by stands
behind a "@": nobody can type that.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable
from typing import Protocol

from guide_app.domain import names, numbers
from guide_app.domain.errors import BadInput

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_PLAIN_HAN = re.compile("[\u4e00-\u9fff]+")
"""What folding leaves as it is: most names, and a first load reads many."""
_PHONE = re.compile(r"[+\d][\d\s()./-]*", re.ASCII)
_LONGEST = 32
_MOST = 6
PHONE = "#"


class Named(Protocol):
    """What is called something in two languages."""

    @property
    def en(self) -> str: ...
    @property
    def zh(self) -> str: ...


Asked = tuple[str, ...]
"""One thing that must be found: the row has a word that begins with any of these."""


def of_member(name: str, pinyin: str, initials: str, phone: str, member_numbers: Iterable[str]) -> str:
    """The words of a member, from the search keys that HQ or the tablet computed."""
    found = _pinyin(pinyin)
    found += _initials(initials)
    if not name.isascii():
        found += _han_tails(name)
    digits = phone[1:] if phone[1:].isdecimal() else "".join(filter(str.isdigit, phone))
    found += [PHONE + digits[::-1]] if digits else []
    found += map(plain, member_numbers)
    return _column(found)


def of_product(names_of_it: Iterable[str], pinyin: str, initials: str, others: Iterable[str]) -> str:
    """The words of a product: names in all languages, brand, size and the like, sku and barcodes whole (`others`)."""
    found = _pinyin(pinyin)
    found += _initials(initials)
    for name in names_of_it:
        found += _runs(name) if name.isascii() else [*_runs(name), *_han_tails(name)]
    found += map(plain, others)
    return _column(found)


def of_material(title: Named, topic: Named, called: Iterable[str], narrowed: Iterable[tuple[str, str]]) -> str:
    """The words of a material: title, topic, and what else it is `called` by, in both languages, pinyin and initials.
    `narrowed`: (what, value) of all that it may be narrowed by, see `narrow`."""
    found: list[str] = []
    for name in (title.zh, title.en, topic.zh, topic.en, *called):
        if name.isascii():
            found += _runs(name)
        elif name:
            keys = names.search_keys(name)
            found += [*_runs(name), *_han_tails(name), *_pinyin(keys.pinyin), *_initials(keys.initials)]
    found += [narrow(what, value) for what, value in narrowed if value]
    return _column(found)


def narrow(what: str, value: str) -> str:
    """The key of all rows with this value: whole, for no other value begins so."""
    return f"@{what}{hashlib.blake2b(value.encode(), digest_size=12).hexdigest()}"


def asked(text: str) -> tuple[Asked, ...]:
    """What a typed text asks for, the longest first; empty when it holds nothing to search by."""
    text = text[:64]
    if _is_number(text):
        return ((plain(text),),)
    if _PHONE.fullmatch(text.strip()):
        digits = "".join(filter(str.isdigit, text))
        return (_of_digits(digits),) if digits else ()
    pieces: dict[str, None] = {}
    for word in text.split():
        runs = _runs(word)
        # A number or a name with signs in it ("O'Neil", "101-AB7K") stands as one word.
        joined = ["".join(runs)] if all(run[0].isascii() for run in runs) else runs
        pieces |= dict.fromkeys(piece for piece in joined if piece)
    most = sorted(list(pieces)[:_MOST], key=len, reverse=True)
    return tuple(_of_digits(piece) if piece.isdigit() else (piece,) for piece in most)


def plain(number: str) -> str:
    """A number as the key it is found by: no separators, small letters."""
    if number.isascii() and number.isalnum():  # as most numbers are: what the way below comes to, sooner
        return number[:_LONGEST].lower()
    return "".join(_runs(number))


def facet_of(value: str) -> int:
    """A short number for a value to filter keys by; two values may share one, so the row is looked at too."""
    return zlib.crc32(value.encode()) if value else 0


def beyond(prefix: str) -> str:
    """The end of the range of texts that begin with `prefix`."""
    return prefix + "\U0010ffff"


def _of_digits(digits: str) -> Asked:
    return digits, PHONE + digits[::-1]


def _is_number(text: str) -> bool:
    try:
        numbers.parse(text)
    except BadInput:
        return False
    return True


def _pinyin(pinyin: str) -> list[str]:
    """The name from each syllable on; where there is a ü, in all its spellings."""
    if "v" in pinyin:
        return names.pinyin_tokens(pinyin).split()
    syllables = pinyin.split()
    return ["".join(syllables[i:]) for i in range(len(syllables))]


def _initials(initials: str) -> list[str]:
    """From each letter on; a last letter alone is the beginning of its syllable anyway."""
    return _tails(initials.lower())[:-1]


def _runs(text: str) -> list[str]:
    if _PLAIN_HAN.fullmatch(text):
        return [text[:_LONGEST]]
    return [run[:_LONGEST] for run in _RUNS.findall(text.lower() if text.isascii() else names.fold(text))]


def _han_tails(text: str) -> list[str]:
    """Every Chinese character with what follows it in its run."""
    return [tail for run in _runs(text) if not run[0].isascii() for tail in _tails(run)]


def _tails(text: str) -> list[str]:
    return [text[i:] for i in range(min(len(text), _LONGEST))]


def _column(found: list[str]) -> str:
    return "".join(f" {word}" for word in dict.fromkeys(found) if word)
