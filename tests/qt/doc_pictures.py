"""`make pictures`: puts the pictures that the documents show, as the page tests have just taken them, under docs/."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.qt.pictures import FOLDER, Look

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
    "Settings": "settings",
}


def main() -> None:
    """Both languages, landscape; Today in portrait and the member in the dark as well."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for language in ("en", "zh_CN"):
        for page, name in SHOWN.items():
            shutil.copy(FOLDER / f"{page}-{Look(language=language)}.png", TARGET / f"{name}-{language}.png")
    portrait = Look((800, 1280), "zh_CN")
    shutil.copy(FOLDER / f"TodayOffline-{portrait}.png", TARGET / "today-portrait-zh_CN.png")
    dark = Look((1280, 800), "zh_CN", dark=True, text_scale=1.3)
    shutil.copy(FOLDER / f"Profile-{dark}.png", TARGET / "member-dark-large-zh_CN.png")


if __name__ == "__main__":
    main()
