"""What a product is called where it stands alone."""

from __future__ import annotations

import pytest

from guide_app.domain.records import Names, Option, Product

RED = Option(kind=Names(en="Colour", zh="颜色"), value=Names(en="Red", zh="红色"))
SIZE = Option(kind=Names(en="Size", zh="尺码"), value=Names(en="90", zh="90"))


@pytest.mark.parametrize(
    ("names", "options", "called"),
    [
        (Names(en="Bodysuit", zh="连体衣"), (SIZE, RED), Names(en="Bodysuit 90 Red", zh="连体衣 90 红色")),
        (Names(en="Bodysuit 90", zh="连体衣 90 码"), (SIZE,), Names(en="Bodysuit 90", zh="连体衣 90 码")),
        (Names(zh="连体衣"), (RED,), Names(zh="连体衣 红色")),
        (Names(en="Soap", zh="香皂"), (), Names(en="Soap", zh="香皂")),
    ],
)
def test_a_variant_is_called_by_its_names_and_what_tells_it_from_its_sisters(
    names: Names, options: tuple[Option, ...], called: Names
) -> None:
    assert Product(names=names, sku="S", options=options).called == called
