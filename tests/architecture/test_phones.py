"""A member's whole phone leaves the tablet's masking by one way alone, which HQ hears of (`member.reveal`)."""

from __future__ import annotations

import re
from pathlib import Path

from guide_app.domain.messages import VARIABLES

UI = Path(__file__).resolve().parents[2] / "ui"
SHOWING = "viewmodels/shown_phone.py"
LABEL = "label.py"
"""The paper that is stuck on goods that are sent."""
JUST_TYPED = "viewmodels/sign_up_people.py"
"""The form of a sign-up, which gives back what was typed into it."""


def speaking(pattern: str) -> set[str]:
    """The Python files of the pages in which the pattern stands."""
    files = UI.rglob("*.py")
    return {path.relative_to(UI).as_posix() for path in files if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_one_place_writes_a_whole_phone_out() -> None:
    assert speaking(r"\bphone\.display\b") == {SHOWING, JUST_TYPED}
    app = UI.parent / "guide_app"
    assert [path.name for path in app.rglob("*.py") if "phone.display" in path.read_text(encoding="utf-8")] == [LABEL]
    assert "self._tell(" in (UI / SHOWING).read_text(encoding="utf-8")


def test_nothing_but_messages_can_be_copied_and_no_message_has_a_phone_in_it() -> None:
    assert speaking(r"\bclipboard\(") == {"runtime/pages.py"}
    assert "phone" not in VARIABLES


def test_what_is_read_as_a_code_is_a_message_a_link_of_hq_or_the_number_of_what_the_shop_keeps() -> None:
    drawn = {path.name for path in (UI / "qml" / "Pages").glob("*.qml") if re.search(r"\bQrCode \{", path.read_text())}
    assert drawn == {
        "MemberCard.qml", "Message.qml", "OwnPhone.qml", "Paper.qml", "PayCode.qml", "QuotationDetail.qml",
        "ShareMaterial.qml",
        "TicketDetail.qml",
    }  # fmt: skip
    paper = UI.parent / "guide_app" / "domain" / "receipt"
    coded = {code for path in paper.glob("*.py") for code in re.findall(r"\bCode\(text=([^)]+)\)", path.read_text())}
    assert coded == {"order.number", "quoted.number", "sending.number", '"STORE-GUIDE-TEST"'}
