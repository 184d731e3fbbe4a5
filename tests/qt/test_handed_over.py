"""The customer signs up by themselves: on their own phone by a code, or on the tablet that holds nothing else then."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from guide_app.adapters.preferences import FilePreferences
from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import Member, MemberAlias
from guide_app.operations.joining import of_form
from sync.protocol import invitation
from tests.qt.test_frame import words
from tests.qt.test_sign_up_page import LOOKS, Hand, asked_for_all
from tests.qt.test_whole_app import faults, played
from tests.qt.walker import controls
from tests.qt.whole_app import PEOPLE, PIN, App, outside

NUMBER = "13800138000"
SIGNATURE = "M60 240L180 90L240 300"
ALLOWED = {
    "phone": "Phone number", "name": "Name", "birthday": "Birthday (optional)", "referrer": "Sent by (optional)",
}  # fmt: skip


def reachable(running: App) -> str:
    return "\n".join(controls(running.window.contentItem()))


async def handed(running: App) -> Any:
    """The guide had the sign-up page open and handed the tablet over."""
    await running.open("SignUp")
    await Hand(running).tap("hand-over")
    assert running.screen.pages.shell.standing == "handed"
    return running.model("HandOver")


async def fill(running: App, phone: str = NUMBER) -> Any:
    form = running.model("SignUp")
    form.setPhone(phone)
    form.setField("name", "唐雨桐")
    for kind in ("terms", "marketing_phone"):
        form.answer(kind, True)
    await running.rest()
    return form


async def types(running: App, pin: str) -> None:
    pad = running.model("HandOver").pad
    for digit in pin:
        pad.digit(digit)
    await running.rest()


async def brought(running: App, entity: str, member_id: str, record: Member | MemberAlias) -> None:
    """HQ has something new for the tablet."""
    running.hq.publish(entity, member_id, record)
    running.container.sync.nudge()
    for _ in range(100):
        await running.rest()
        if await running.container.read.members.get(member_id) is not None:
            return await running.rest()
    raise AssertionError("HQ's row never came")


def joined(running: App, name: str = "林夏") -> Member:
    return Member(
        member_no="101AB7K00015", phone="+8613800138000", name=name, joined_at=running.hq.now, last_contact_at="",
        home_store_id=running.hq.store_id, owner_id=running.guide_id,
    )  # fmt: skip


def said(running: App, text: str) -> bool:
    """Whether the toast says this, and nothing else."""
    return bool(running.screen.toasts._text == text)


def invited(running: App) -> Any:
    """What the code on the sheet says."""
    base, _, token = running.model("OwnPhone").link.rpartition("/join/")
    assert base == "https://hq.example.com"
    return invitation.read(token).invitation


def test_the_code_names_guide_tablet_and_touch_point_and_stands_in_every_look(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await asked_for_all(running)
        await running.open("SignUp")
        running.model("SignUp").setField("touch_point", "poster-3")
        await Hand(running).tap("own-phone")
        told = invited(running)
        assert (told.guide_id, told.store_id, told.device_id, told.touch_point) == (
            running.guide_id, running.hq.store_id, running.hq.device_id, "poster-3",
        )  # fmt: skip
        assert running.model("OwnPhone").goodFor == "Good for 30 more minutes, for one person"
        assert not (found := await faults(running, "OwnPhone", LOOKS)), "\n".join(found)
        running.remote.problem = NoNetwork("no_network")
        running.container.sync.nudge()
        await running.until(lambda: running.model("OwnPhone").offline, "being offline")
        await running.rest()
        assert "No network here" in words(running.window)
        assert not (found := await faults(running, "OwnPhoneOffline", LOOKS)), "\n".join(found)
        running.model("OwnPhone")._ends_at = 0.0
        running.model("OwnPhone").tick()
        await running.rest()
        assert (running.model("OwnPhone").over, running.model("OwnPhone").link) == (True, "")
        assert not (found := await faults(running, "OwnPhoneOver", LOOKS)), "\n".join(found)
        before = told.form_id
        await Hand(running).tap("join-renew")
        assert invited(running).form_id != before
        await Hand(running).tap("join-hand-over")
        assert running.screen.pages.shell.standing == "handed"

    played(play, tmp_path)


def test_whoever_joined_on_their_phone_opens_by_themselves(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("SignUp")
        await Hand(running).tap("own-phone")
        member_id = of_form(invited(running).form_id).member_id
        await brought(running, "member", member_id, joined(running))
        await running.until(lambda: running.model("Members").name == "林夏", "the profile")
        assert running.screen.toasts._text == "林夏 has joined"
        assert running.screen.navigator.over == ""

    played(play, tmp_path)


def test_a_phone_that_was_known_is_said_and_its_member_opens(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        known = (await running.container.read.members.search("许安然"))[0]
        await running.open("SignUp")
        await Hand(running).tap("own-phone")
        member_id = of_form(invited(running).form_id).member_id
        await brought(running, "member_alias", member_id, MemberAlias(member_id=known.id))
        await running.until(lambda: running.model("Members").name == "许安然", "the profile")
        assert running.screen.toasts._text == "This phone was already 许安然's: both are one member now"

    played(play, tmp_path)


def test_who_comes_after_the_sheet_was_closed_is_told_and_disturbs_nobody(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("SignUp")
        await Hand(running).tap("own-phone")
        member_id = of_form(invited(running).form_id).member_id
        running.model("OwnPhone").close()
        await running.open("Order")
        await brought(running, "member", member_id, joined(running))
        await running.until(lambda: running.screen.toasts._text == "林夏 has joined", "the word of it")
        assert running.screen.navigator._page == "Order"

    played(play, tmp_path)


def test_who_comes_while_the_tablet_is_locked_is_told_to_the_guide_who_waited(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        session = running.container.do.session
        await running.open("SignUp")
        await Hand(running).tap("own-phone")
        member_id = of_form(invited(running).form_id).member_id
        running.screen.pages.shell.lock()
        assert running.model("OwnPhone").link == ""
        await brought(running, "member", member_id, joined(running))
        assert running.screen.toasts._text == "", "a name is for nobody who is not signed in"
        assert (await session.sign_in(running.guide_id, PIN)).ok
        await running.until(lambda: running.screen.toasts._text == "林夏 has joined", "the word of it")
        assert running.screen.navigator.over == ""
        running.screen.toasts.close()
        running.screen.pages.shell.lock()
        assert (await session.sign_in(running.guide_id, PIN)).ok
        await running.rest()
        assert running.screen.toasts._text == "", "told once"

    played(play, tmp_path)


def test_who_comes_after_a_lock_is_told_to_the_same_guide_and_to_no_other(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        session = running.container.do.session
        other = next(one.id for one in await running.container.read.shop.staff() if one.id != running.guide_id)
        await running.open("SignUp")
        for guide_id, heard in ((running.guide_id, "林夏 has joined"), (other, "")):
            await Hand(running).tap("own-phone")
            member_id = of_form(invited(running).form_id).member_id
            running.screen.pages.shell.lock()
            assert (await session.sign_in(guide_id, PIN)).ok
            await running.rest()
            await brought(running, "member", member_id, joined(running))
            await running.until(partial(said, running, heard), "the word of it, or none")
            running.screen.toasts.close()
            await running.open("SignUp")

    played(play, tmp_path)


def test_what_is_signed_by_hand_is_not_for_a_phone(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await asked_for_all(running)
        for (_, ref), row in list(running.hq.rows.items()):
            if ref.entity == "policy" and row.o == "put" and running.hq.record("policy", ref.id).kind == "pictures":
                import msgspec

                needed = msgspec.structs.replace(running.hq.record("policy", ref.id), required=True)
                running.hq.publish("policy", ref.id, needed)
        running.container.sync.nudge()
        for _ in range(100):
            await running.rest()
            if any(one.required and one.signed for one in await running.container.read.shop.policies()):
                break
        await running.open("SignUp")
        await Hand(running).tap("own-phone")
        assert running.model("OwnPhone").link == ""
        assert "to be signed by hand" in running.model("OwnPhone").problem
        assert not (found := await faults(running, "OwnPhoneSigned", LOOKS)), "\n".join(found)

    played(play, tmp_path)


def test_handed_over_it_stands_in_every_look(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await asked_for_all(running)
        model = await handed(running)
        assert not (found := await faults(running, "HandedOver", LOOKS)), "\n".join(found)
        form = await fill(running)
        form.answer("pictures", True)
        model.askPin()
        await running.rest()
        unsigned = await outside(running.window.grabWindow)
        model.goOn()
        form.sign(SIGNATURE)
        await running.rest()
        assert not (found := await faults(running, "HandedOverFilled", LOOKS)), "\n".join(found)
        model.askPin()
        await running.rest()
        assert unsigned == await outside(running.window.grabWindow), "the signature is seen behind the PIN"
        assert not (found := await faults(running, "HandedOverPin", LOOKS)), "\n".join(found)
        model.goOn()
        model.submit()
        await running.until(lambda: model.thanks, "the thanks")
        await running.rest()
        assert not (found := await faults(running, "HandedOverThanks", LOOKS)), "\n".join(found)

    played(play, tmp_path)


def test_nothing_but_the_form_can_be_reached(qapp: object, tmp_path: Path) -> None:
    async def press(running: App, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        await outside(partial(QTest.keyClick, running.window, key, held))

    async def play(running: App) -> None:
        member = (await running.container.read.members.search("许安然"))[0]
        await running.open("Members", memberId=member.id)
        await handed(running)
        running.window.requestActivate()
        running.screen.toasts.say(f"{member.name} has joined", lambda: None)
        navigator, before = running.screen.navigator, words(running.window)
        for name in PEOPLE:
            assert name not in before
        assert navigator._page not in before
        control = Qt.KeyboardModifier.ControlModifier
        for key in (Qt.Key.Key_K, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_N, Qt.Key.Key_L):
            await press(running, key, control)
        for key in (Qt.Key.Key_F1, Qt.Key.Key_Escape, Qt.Key.Key_Back):
            await press(running, key)
        running.screen.pages.shell.scanned(member.member_no)
        await running.rest()
        for _ in range(40):
            await press(running, Qt.Key.Key_Tab)
            focus: Any = running.window.activeFocusItem()
            while focus is not None and "HandOver" not in focus.metaObject().className():
                focus = focus.parentItem()
            assert focus is not None, "the focus left the form"
        await running.rest()
        assert running.screen.pages.shell.standing == "handed"
        assert (navigator.over, navigator._page) == ("", "SignUp")
        for name in PEOPLE:
            assert name not in words(running.window)
        there = reachable(running)
        for label in ("Today", "Members", "Order", "Search", "Lock", "Undo", "Back"):
            assert f"'{label}'" not in there
        for label in ALLOWED.values():
            assert f"'{label}'" in there

    played(play, tmp_path)


def test_only_the_guides_pin_leads_back_and_wrong_ones_count(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        model = await handed(running)
        form = await fill(running)
        await Hand(running).tap("take-back")
        await types(running, "000001")
        assert model.pad.problem == "Wrong PIN. 4 tries left."
        assert running.screen.pages.shell.standing == "handed"
        await Hand(running).tap("back-to-form")
        assert (model.askingPin, form.name) == (False, "唐雨桐")
        await Hand(running).tap("take-back")
        for _ in range(4):
            await types(running, "000001")
        assert model.pad.waitSeconds > 0
        await types(running, PIN)
        assert running.screen.pages.shell.standing == "handed", "the lock-out holds here too"
        await running.container.do.session._tries.reset(running.guide_id)
        model.pad._wait_until.clear()
        await types(running, PIN)
        assert running.screen.pages.shell.standing == "work"
        assert (running.screen.navigator._page, form.name) == ("SignUp", "唐雨桐")

    played(play, tmp_path)


def test_who_fills_it_in_is_a_member_and_the_guide_goes_on_from_there(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        model = await handed(running)
        await fill(running)
        await Hand(running).tap("customer-done")
        await running.until(lambda: model.thanks, "the thanks")
        await running.rest()
        assert "Thank you. Please hand the tablet back." in words(running.window)
        assert "唐雨桐" not in words(running.window)
        await types(running, PIN)
        await running.until(lambda: running.model("Members").name == "唐雨桐", "the profile")
        assert running.screen.pages.shell.standing == "work"

    played(play, tmp_path)


def test_the_customer_is_not_told_whose_the_phone_was_and_the_guide_is(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        model = await handed(running)
        form = await fill(running, "13812340000")
        assert (form.duplicate, form.ready, form.filled) == (True, False, True)
        assert not any(name in words(running.window) for name in PEOPLE)
        assert "member already" not in words(running.window)
        await Hand(running).tap("customer-done")
        assert model.thanks
        await types(running, PIN)
        assert running.screen.navigator._page == "SignUp"
        assert "They are a member already" in words(running.window)

    played(play, tmp_path)


def test_it_locks_itself_keeps_what_was_typed_and_speaks_the_guides_language_again(
    qapp: object, tmp_path: Path
) -> None:
    async def play(running: App) -> None:
        model = await handed(running)
        await fill(running)
        model.setLanguage("zh_CN")
        await running.rest()
        assert "成为会员" in words(running.window)
        kept = FilePreferences(tmp_path / "preferences.json", "en")
        assert kept.language == "en", "what the customer reads is not the tablet's choice"
        shell = running.screen.pages.shell
        shell._touched_at -= 3600
        shell.checkIdle()
        await running.rest()
        assert shell.standing == "lock"
        assert "唐雨桐" not in words(running.window)
        assert running.container.preferences.language == "en"
        assert (await running.container.do.session.sign_in(running.guide_id, PIN)).ok
        await running.rest()
        assert shell.standing == "work"
        await running.open("SignUp")
        assert (running.model("SignUp").name, running.model("SignUp").phone) == ("唐雨桐", NUMBER)

    played(play, tmp_path)
