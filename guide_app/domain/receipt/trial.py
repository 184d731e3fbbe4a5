"""A test page: shows at a glance whether width, Chinese, large letters, QR and the knife of a printer are right."""

from __future__ import annotations

from guide_app.domain.receipt.document import Block, Code, Document, Line
from guide_app.domain.receipt.sale import ShopFront, head, local_time
from guide_app.domain.receipt.words import word


def trial_page(shop: ShopFront, at: str, columns: int, *, chinese: bool) -> Document:
    """The page of a printer with so many columns; `at` is an RFC 3339 instant, `chinese`: it has a Chinese font."""
    language = shop.language
    ruler = "".join(str(n % 10) for n in range(1, columns + 1))
    blocks: tuple[Block, ...] = (
        *head(shop, word("test", language)),
        Line(text=local_time(at, shop.time_zone), align="centre"),
        Line(text=word("test.width", language)),
        Line(text=ruler),
        *((Line(text=word("test.chinese", language)),) if chinese else ()),
        Line(text=word("test.big", language) if chinese else word("test", "en"), big=True),
        Code(text="STORE-GUIDE-TEST"),
        Line(text=word("test.end", language), align="centre"),
    )
    return Document(title=word("test", language), blocks=blocks)
