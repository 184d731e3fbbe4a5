"""Pictures of HQ's console for the documents: `python -m tests.e2e.hq_pictures URL` with an operator's name and
password in GUIDE_HQ_OPERATOR and GUIDE_HQ_PASSWORD, at an HQ that runs with GUIDE_HQ_TWO_FACTOR=off; they show what
that HQ holds, so let it be one with synthetic data.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.e2e.browser import PHONE, chromium, page_of, tell_password

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
PAGES = {"overview": "", "stores": "stores/store/", "products": "catalogue/product/", "orders": "orders/order/"}
LANGUAGES = {"en": "en", "zh-hans": "zh_CN"}


def main(url: str) -> int:
    """Draws every page in both languages, and the page behind an enrol code as a phone shows it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium(Path(scratch)) as browser:
        for language, suffix in LANGUAGES.items():
            page, wrong = page_of(browser, url, language)
            tell_password(page, url, os.environ["GUIDE_HQ_OPERATOR"], os.environ["GUIDE_HQ_PASSWORD"])
            page.wait_for_selector(".console-figures")
            for name, path in PAGES.items():
                page.goto(f"{url}/admin/{path}")
                page.evaluate("document.fonts.ready.then(() => true)")
                page.screenshot(path=FOLDER / f"hq-{name}-{suffix}.png")
            if wrong:
                print("\n".join(wrong), file=sys.stderr)
                return 1
        page, _wrong = page_of(browser, url, "en", PHONE)
        page.goto(f"{url}/enrol")
        page.screenshot(path=FOLDER / "hq-enrol.png", full_page=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
