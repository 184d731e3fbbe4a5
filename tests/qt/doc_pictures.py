"""`make pictures`: puts the pictures that the documents show, as the page tests have just taken them, under docs/."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.qt.pictures import FOLDER, PORTRAIT, Look

TARGET = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SHOWN = {
    "Lock": "lock",
    "TodayOffline": "today",
    "Profile": "member",
    "SignUpDuplicate": "sign-up",
    "Basket": "order",
    "OrderPlaced": "orders",
    "TalkSaved": "talk",
    "Attention": "attention",
    "LibraryChosen": "library",
    "ShareMaterial": "share-material",
    "TodayMustReads": "must-reads",
    "Parcels": "parcels",
    "Settings": "settings",
    "CatalogueBelow": "catalogue",
    "BasketWhy": "why-price",
    "WhyPrice": "price-whole-order",
    "TakeOffManager": "discount-manager",
    "BasketValue": "coupons-points",
    "WalletCards": "wallet",
    "Pay": "payment",
    "PayCode": "payment-code",
    "PayCard": "payment-gift-card",
    "Receipt": "receipt",
    "Quotation": "quotation",
    "FindQuotation": "find-quotation",
    "NearCards": "near-mark",
    "NearStock": "near-stock",
    "ReturnElsewhere": "return-to-finish",
    "TakeBackElsewhere": "return-elsewhere",
    "DayShop": "day-close",
    "MembershipCard": "membership",
    "Reach": "delivery",
}
UPRIGHT = {"Basket": "order-portrait"}
"""What a document says of the tablet held upright."""


def put(taken: Path, shown: Path) -> None:
    """As a picture of 256 colours, which is as good for flat pages and a third of the size."""
    with Image.open(taken) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(shown, optimize=True)


def main() -> None:
    """Both languages, landscape; some in portrait and the member in the dark as well."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for language in ("en", "zh_CN"):
        for page, name in SHOWN.items():
            put(FOLDER / f"{page}-{Look(language=language)}.png", TARGET / f"{name}-{language}.png")
        for page, name in UPRIGHT.items():
            put(FOLDER / f"{page}-{Look(PORTRAIT, language)}.png", TARGET / f"{name}-{language}.png")
    portrait = Look(PORTRAIT, "zh_CN")
    put(FOLDER / f"TodayOffline-{portrait}.png", TARGET / "today-portrait-zh_CN.png")
    dark = Look((1280, 800), "zh_CN", dark=True, text_scale=1.3)
    put(FOLDER / f"Profile-{dark}.png", TARGET / "member-dark-large-zh_CN.png")


if __name__ == "__main__":
    main()
