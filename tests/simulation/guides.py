"""What guides do at a simulated tablet: every kind of operation, about what their screen shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any, Literal

from msgspec.structs import replace

from guide_app.domain import returns, ways
from guide_app.domain.records import Order, OrderCopy, Parcel, Quotation, Recipient, decode
from guide_app.domain.records.lease import Instrument, InstrumentKind
from guide_app.domain.records.order import FulfilmentKind
from guide_app.domain.records.reminder import ReminderState
from guide_app.domain.records.service import PromiseAct, TicketAct
from guide_app.domain.steps import standing
from guide_app.operations.leases import Spending
from guide_app.operations.orders import Place, WantedFulfilment
from guide_app.operations.returns import CopyReturn, CopyReturnUndo, OrderReturn, OrderReturnUndo, UndoReturn
from guide_app.services.ports.cards import LeaseRow
from guide_app.services.ports.writing import Draft
from tests.simulation import library, promoted
from tests.simulation.days import DAY, day_here
from tests.simulation.hq import CARD, SimulatedHq
from tests.simulation.hq_data import LIMIT
from tests.simulation.tablet import Gone, Tablet
from tests.work import AT, Work

PHONES = 9
"""Different phones that customers of a world come back with."""
_KINDS: tuple[FulfilmentKind, ...] = ("take_away", "ship", "pick_up", "pre_order")
_LATER: tuple[FulfilmentKind, ...] = ("pick_up", "ship")
_MARKS: tuple[ReminderState, ...] = ("open", "snoozed", "done")
_OFTEN = {"staff purchase": 4, "return elsewhere": 4}
"""What takes more than one visit until it comes to a sale."""
LISTS = ("tags", "likes", "wishes", "dates", "household", "sizes")
EDITS = (
    ("name", ("陈静", "Li Na", "王芳")), ("note", ("", "gift", "茶")), ("source", ("walk_in", "friend", "")),
    ("birthday", ("11-22", "1990-11-25", "")),
)  # fmt: skip


class Guides:
    """The people of the shops; `random` decides for all of them."""

    def __init__(self, hq: SimulatedHq, random: Random, aside: Random | None = None) -> None:
        self._hq, self._random = hq, random
        self._work = Work(random, tuple(hq.products), hq.list_id, hq.prices)
        self._habits: dict[str, Callable[[Tablet, str], list[Draft]]] = {
            "sign_up": self._sign_up, "order": self._order, "talk": self._talk, "retalk": self._retalk,
            "followup": self._followup, "edit": self._edit, "consent": self._consent, "cancel": self._cancel,
            "pin": self._pin, "ticket": self._ticket, "promise": self._promise,
            "lease": self._lease, "give back": self._give_back, "look up": self._look_up,
            "remind": self._remind,
            "reveal": self._reveal, "pay": self._pay, "return": self._return, "reshare": self._reshare,
            "goods": self._goods, "close": self._close, "quote": self._quote,
            "pay by phone": self._pay_by_phone, "return elsewhere": self._return_elsewhere,
            "staff purchase": self._staff_purchase, "material": self._material,
        }  # fmt: skip
        names = list(self._habits)
        self._weights = [random.choice((0.2, 1, 1, 3)) * _OFTEN.get(name, 1) for name in names]
        self._names = names
        self.sold: dict[str, promoted.Sold] = {}
        """Order → what it was priced by."""
        self._aside = aside
        """Where orders are seen to by other shops, by chances of their own: other schedules stay as they were."""
        self.said: dict[str, str] = {}
        """A word that was said of one person alone → the id under which that was."""

    def work(self, tablet: Tablet) -> str:
        """One commit of some guide; what was done and what the screen said."""
        habit = self._random.choices(self._names, self._weights)[0]
        guide = self._random.choice(tablet.device.store.guides)
        work = self._habits[habit]
        if self._aside is not None and self._aside.random() < 0.5:
            habit, work = "parcel", self._parcel
        try:
            drafts = work(tablet, guide)
        except Gone:
            return f"{habit}: killed"
        return f"{habit}: {tablet.commit(guide, *drafts)}"

    def _member(self, tablet: Tablet) -> str | None:
        """One of the store's own, or a visitor."""
        of = "SELECT id FROM member UNION SELECT id FROM other_row WHERE entity = 'visitor' ORDER BY id"
        found = [row[0] for row in tablet.query(of)]
        return self._random.choice(found) if found else None

    def _regular(self, tablet: Tablet) -> str | None:
        """Somebody about whom guides of all tablets write down what they hear: two of them at once, now and then."""
        found = tablet.query("SELECT id FROM member WHERE visitor = 0 ORDER BY id LIMIT 1")
        return str(found[0][0]) if found else None

    def _number(self, tablet: Tablet) -> str:
        return tablet.do(tablet.store.numbers.next())

    def _sign_up(self, tablet: Tablet, guide: str) -> list[Draft]:
        phone = self._phone() if self._random.random() < 0.6 else ""
        policy = "2" if self._random.random() < 0.1 else "1"
        gift = self._random.choice(self._hq.products) if self._random.random() < 0.3 else ""
        referrer = self._referrer(tablet) if self._random.random() < 0.5 else ""
        return [self._work.sign_up(self._number(tablet), phone, policy=policy, referrer=referrer, gift=gift).draft]

    def _referrer(self, tablet: Tablet) -> str:
        """The number or phone of one of the store's own, or of somebody whom the shop may not know."""
        found = tablet.query("SELECT member_no, phone FROM member ORDER BY id")
        told = [*(str(one) for one in self._random.choice(found)), self._phone()] if found else [self._phone()]
        return self._random.choice(told)

    def _order(self, tablet: Tablet, guide: str) -> list[Draft]:
        member = self._member(tablet) if self._random.random() < 0.8 else None
        kind = self._random.choice(_KINDS)
        usable = self._usable(tablet, "card")
        spends = tuple(Spending(lease_id=row.id, amount=self._random.randint(1, row.lease.left)) for row in usable[:1])
        made = self._work.order(self._number(tablet), member, self._random.choice((1, 1, 3)), kind, spends)
        talk = [self._work.talk(member).draft] if member and self._random.random() < 0.3 else []
        return [self._priced(tablet, made.draft) if self._random.random() < 0.6 else made.draft, *talk]

    def _usable(self, tablet: Tablet, kind: InstrumentKind) -> list[LeaseRow]:
        """What of such value this tablet may spend now."""
        rows = tablet.do(tablet.store.leases.rows())
        return [row for row in rows if row.usable and row.lease.left and _of(row).kind == kind]

    def _staff_purchase(self, tablet: Tablet, guide: str) -> list[Draft]:
        """A colleague buys at staff prices, as far as this tablet has leased of their month's limit; where that is too
        little HQ is asked for more of it, and another customer is served."""
        store = tablet.device.store
        whose = {self._hq.limit_of(store, one, tablet.time.now()): one for one in store.guides if one != guide}
        held = [row for row in self._usable(tablet, "staff") if _of(row) in whose]
        for row in held:
            order = self._work.order(self._number(tablet), None, 1).draft
            assert isinstance(order.body, Place)
            place = replace(order.body, staff_id=whose[_of(row)])
            if self._random.random() < 0.6:
                order = self._priced(tablet, Draft(kind=order.kind, body=place))
                assert isinstance(order.body, Place)
                place = order.body
            if 0 < place.totals.total <= row.lease.left:
                spent = (Spending(lease_id=row.id, amount=place.totals.total),)
                return [Draft(kind=order.kind, body=replace(place, spends=spent))]
            self.sold.pop(place.order_id, None)
        of = self._random.choice([*whose])
        more = next((row.id for row in held if _of(row) == of), "")
        wanted = self._random.randint(2_000, LIMIT)
        tablet.begin(tablet.engine.lease(of, wanted, self._work.id(), more, owner_id=whose[of]))
        return self._talk(tablet, guide)

    def _priced(self, tablet: Tablet, draft: Draft) -> Draft:
        """The order by the promotions that the tablet has."""
        assert isinstance(draft.body, Place)
        body, self.sold[draft.body.order_id] = promoted.sold(tablet, draft.body, self._random)
        return Draft(kind=draft.kind, body=body)

    def _talk(self, tablet: Tablet, guide: str) -> list[Draft]:
        member = self._member(tablet)
        return [self._work.talk(member).draft] if member else self._sign_up(tablet, guide)

    def _retalk(self, tablet: Tablet, guide: str) -> list[Draft]:
        found = tablet.query("SELECT id, member_id FROM talk ORDER BY id")
        if not found:
            return self._talk(tablet, guide)
        talk, member = self._random.choice(found)
        return [self._work.talk(member, talk, void=self._random.random() < 0.5).draft]

    def _followup(self, tablet: Tablet, guide: str) -> list[Draft]:
        found = tablet.query("SELECT id, member_id FROM followup ORDER BY id")
        if found and self._random.random() < 0.4:
            followup, member = self._random.choice(found)
            to = self._random.choice((None, guide, *tablet.device.store.guides))
            return [self._work.followup(member, followup, self._random.choice(("open", "done")), to).draft]
        chosen = self._member(tablet)
        return [self._work.followup(chosen).draft] if chosen else self._sign_up(tablet, guide)

    def _remind(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Few rows, so that two tablets mark the same one, or the same member after a merge."""
        chosen = self._member(tablet)
        if chosen is None:
            return self._sign_up(tablet, guide)
        state = self._random.choice(_MARKS)
        to = guide if self._random.random() < 0.3 else None
        return [
            self._work.reminder(chosen, "birthday", self._random.choice(("2026-11-21", "2027-11-21")), state, to).draft
        ]

    def _ticket(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Raises one, or does something with one that the screen shows, which another tablet may be doing too."""
        rows = tablet.do(tablet.store.service.tickets())
        if not rows or self._random.random() < 0.15:
            member = self._member(tablet)
            if member is None:
                return self._sign_up(tablet, guide)
            raised = self._work.ticket(member, self._number(tablet))
            return [raised.draft, self._work.ticket_step(raised.id, member, "note").draft]
        row = self._random.choice(rows)
        mine = [step.id for step in standing(row.ticket.history) if step.guide_id == guide]
        what: TicketAct = self._random.choice((
            "assign", "note", "solve" if row.ticket.state == "open" else self._random.choice(("reopen", "rate")),
            "undo" if mine else "note",
        ))  # fmt: skip
        with_it: dict[str, dict[str, Any]] = {
            "assign": {"to": self._random.choice(tablet.device.store.guides)},
            "rate": {"rating": self._random.randint(1, 5)},
            "undo": {"undoes": self._random.choice(mine or [""])},
        }
        more = with_it.get(what, {})
        done = self._work.ticket_step(row.id, row.ticket.member_id, what, **more)
        return [done.draft, self._work.ticket_step(row.id, row.ticket.member_id, "note").draft]

    def _promise(self, tablet: Tablet, guide: str) -> list[Draft]:
        rows = tablet.do(tablet.store.service.promises())
        if not rows or self._random.random() < 0.3:
            member = self._member(tablet)
            return [self._work.promise(member).draft] if member else self._sign_up(tablet, guide)
        row = self._random.choice(rows)
        mine = [step.id for step in standing(row.promise.history) if step.guide_id == guide]
        if mine and self._random.random() < 0.2:
            return [self._work.settle(row.id, row.promise.member_id, "undo", self._random.choice(mine)).draft]
        what: PromiseAct = self._random.choice(("kept", "broken", "dropped"))
        return [self._work.settle(row.id, row.promise.member_id, what).draft]

    def _edit(self, tablet: Tablet, guide: str) -> list[Draft]:
        member = self._regular(tablet) if self._random.random() < 0.5 else self._member(tablet)
        if member is None:
            return self._sign_up(tablet, guide)
        if self._random.random() < 0.05:  # of somebody whom HQ never heard of: it waits there for ever
            return [self._work.edit(self._work.id(), "note", "", "?")]
        here = tablet.query(
            "SELECT ver, d FROM member WHERE id = ? UNION ALL SELECT ver, d FROM other_row WHERE id = ?", member, member
        )
        ver, text = here[0]
        if self._random.random() < 0.8:
            now = json.loads(text)
            return [self._edit_elements(name, member, ver, now) for name in self._random.sample(LISTS, 4)]
        name, values = self._random.choice(EDITS)
        return [self._work.edit(member, name, json.loads(text).get(name, ""), self._random.choice(values), ver)]

    def _edit_elements(self, name: str, member: str, ver: int, now: dict[str, Any]) -> Draft:
        """Adds an element to a list of the member's, takes one out, or takes another size."""
        if name == "sizes":
            old = now.get(name, {})
            new = {**old, self._random.choice(("top", "shoe")): self._word(member)}
            return self._work.edit(member, name, old, new, ver)
        old = now.get(name, [])
        if old and self._random.random() < 0.3:
            return self._work.edit(member, name, old, self._random.sample(old, len(old) - 1), ver)
        return self._work.edit(member, name, old, [*old, self._element(name, member)], ver)

    def _word(self, member: str) -> str:
        word = self._work.id()[:13]
        self.said[word] = member
        return word

    def _element(self, name: str, member: str) -> Any:
        match name:
            case "wishes":
                return {"product_id": self._random.choice(self._hq.products), "since": AT}
            case "dates":
                return {"id": self._work.id(), "label": self._word(member), "day": "05-20"}
            case "household":
                return {"id": self._work.id(), "relation": "daughter", "name": self._word(member)}
            case _:
                return self._word(member)

    def _consent(self, tablet: Tablet, guide: str) -> list[Draft]:
        member = self._member(tablet)
        if member is None:
            return self._sign_up(tablet, guide)
        view = tablet.do(tablet.store.members.get(member))
        last = view.member.consent("terms") if view else None
        seen_at = last.at if last else ""
        granted = self._random.random() < 0.5
        return [self._work.consent(member, granted=granted, seen_ver=view.ver if view else 0, seen_at=seen_at)]

    def _cancel(self, tablet: Tablet, guide: str) -> list[Draft]:
        found = tablet.query("SELECT id FROM shop_order WHERE state IN ('placed', 'accepted') ORDER BY id")
        if not found:
            return self._order(tablet, guide)
        return [self._work.cancel(self._random.choice(found)[0])]

    def _close(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Somebody closes the shop's day as this tablet has it."""
        return [self._work.close_day(DAY, day_here(tablet)).draft]

    def _pay(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Takes money for an order, all or a part of it, which another tablet may be doing too; or gives some back."""
        refunds = tablet.query("SELECT id, refund FROM shop_order WHERE refund > 0 ORDER BY id")
        if refunds and self._random.random() < 0.5:
            order, amount = self._random.choice(refunds)
            return [self._on_card(tablet, order, amount) or self._work.pay_back(order, amount)]
        found = tablet.query("SELECT id, owed FROM shop_order WHERE owed > 0 ORDER BY id LIMIT 3")
        if not found:
            return self._order(tablet, guide)
        order, owed = self._random.choice(found)
        part = self._random.choice((owed, owed, self._random.randint(1, owed)))
        if part < owed:
            card = self._by_card(tablet, order, part)
            return [card] if card else [self._work.pay(order, part, owed - part), *self._handed(tablet, order)]
        paid = self._work.pay(order, owed)
        if owed % 5:
            return [paid, *self._handed(tablet, order)]
        return [paid, self._work.cancel(order), self._work.pay_back(order, owed)]  # they think again at the counter

    def _by_card(self, tablet: Tablet, order: str, amount: int) -> Draft | None:
        """A part of an order from the shop's gift card, as far as this tablet has leased of it."""
        usable = self._usable(tablet, "card")
        if not usable:
            return None
        spends = Spending(lease_id=usable[0].id, amount=min(amount, usable[0].lease.left))
        return self._work.pay_by_card(order, self._hq.card_of(tablet.device.store).id, spends)

    def _handed(self, tablet: Tablet, order_id: str) -> list[Draft]:
        """A gift card goes over the counter with the first line of some orders: one of few, so that two tablets, and
        two stores, sell the same one."""
        row = tablet.do(tablet.store.orders.get(order_id))
        if row is None or row.order.cards:
            return []
        number = self._hq.cards[int(order_id[1], 16) % len(self._hq.cards)]
        return [self._work.hand_over(order_id, row.order.lines[0].line_id, number)]

    def _on_card(self, tablet: Tablet, order_id: str, amount: int) -> Draft | None:
        """What is to be refunded of an order that a gift card paid."""
        row = tablet.do(tablet.store.orders.get(order_id))
        legs = [leg for leg in row.order.payments if leg.card and leg.kind == "paid"] if row else []
        return self._work.pay_back_on_card(order_id, legs[0].id, amount) if legs else None

    def _return(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Some pieces of an order come back, which another tablet may be taking back too; others may go for them, or
        the last return was none."""
        found = tablet.query("SELECT id, d FROM shop_order WHERE state <> 'cancelled' ORDER BY id LIMIT 4")
        if not found:
            return self._order(tablet, guide)
        order_id, text = self._random.choice(found)
        order = decode(text, Order)
        if (done := returns.standing(order)) and self._random.random() < 0.3:
            undone = UndoReturn(order_id=order_id, return_id=self._random.choice(done).return_id)
            return [Draft(kind=OrderReturnUndo.kind, body=undone)]
        left = {line_id: qty for line_id, qty in returns.left(order).items() if qty}
        if not left:
            return self._order(tablet, guide)
        some = self._random.sample(sorted(left), self._random.randint(1, len(left)))
        pieces = {line_id: self._random.randint(1, left[line_id]) for line_id in some}
        back = self._work.take_back(order, order_id, pieces, sellable=self._random.random() < 0.8)
        if self._random.random() < 0.3:
            return [self._work.exchange(back, self._order(tablet, guide)[0])]
        return [Draft(kind=OrderReturn.kind, body=back)]

    def _return_elsewhere(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Pieces that another shop sold come back here, which that shop, or a third one, may be taking back too; or the
        last such return was none. HQ is asked for an order that is not here; meanwhile another customer is served."""
        found = tablet.query("SELECT id, d FROM other_row WHERE entity = 'order_copy' ORDER BY id LIMIT 3")
        if not found or self._random.random() < 0.2:
            own = tablet.device.store
            others = [store for store in self._hq.stores if store != own]
            sold = [one for store in others for one in sorted(self._hq.data.records(store.store_id, "order").items())]
            if not sold:
                return self._order(tablet, guide)
            order: Any = self._random.choice(sold)[1].record
            tablet.begin(tablet.engine.find_order(order.number))
            return self._talk(tablet, guide)
        order_id, text = self._random.choice(found)
        copy = decode(text, OrderCopy)
        mine = [one for one in returns.standing(copy) if one.store_id == copy.store_id]
        if mine and self._random.random() < 0.3:
            undone = UndoReturn(order_id=order_id, return_id=self._random.choice(mine).return_id)
            return [Draft(kind=CopyReturnUndo.kind, body=undone)]
        left = {line_id: qty for line_id, qty in returns.left(copy).items() if qty}
        if not left:
            return self._talk(tablet, guide)
        some = self._random.sample(sorted(left), self._random.randint(1, len(left)))
        pieces = {line_id: self._random.randint(1, left[line_id]) for line_id in some}
        back = self._work.take_back(copy, order_id, pieces, sellable=self._random.random() < 0.8)
        return [Draft(kind=CopyReturn.kind, body=back)]

    def _parcel(self, tablet: Tablet, guide: str) -> list[Draft]:
        """A step of goods that another shop sold, which that shop, or a second tablet here, may be taking too; or an
        order that another shop is to see to; or one that nobody wants any more, or that goes elsewhere."""
        assert self._aside is not None
        chance, others = self._aside, [one for one in self._hq.stores if one != tablet.device.store]
        self._hq.sweep()  # HQ does so all the time: what one shop did is soon to be had in the other
        found = tablet.query("SELECT id, d FROM other_row WHERE entity = 'parcel' ORDER BY id LIMIT 3")
        if found and chance.random() < 0.8:
            order_id, text = chance.choice(found)
            goes = decode(text, Parcel).goes
            done = [step.op_id for step in ways.standing_steps(goes.steps) if step.what != "chosen"]
            if done and chance.random() < 0.2:
                return [self._work.parcel(order_id, "undo", chance.choice(done))]
            what = chance.choice(("ready", "ready", "shipped", "done", "done", "failed"))
            return [self._work.parcel(order_id, what, under=ways.in_force(goes.steps))]
        if not others:
            return self._order(tablet, guide)
        there, kind = chance.choice(others).store_id, chance.choice(_LATER)
        elsewhere = tablet.query("SELECT id FROM shop_order WHERE d LIKE '%\"store_id\"%' ORDER BY id LIMIT 3")
        if elsewhere and chance.random() < 0.5:
            (order_id,) = chance.choice(elsewhere)
            if chance.random() < 0.5:
                return [self._work.cancel(order_id)]
            return [self._work.reroute(order_id, kind, there if chance.random() < 0.7 else None)]
        sale = self._work.order(self._number(tablet), self._member(tablet)).draft
        assert isinstance(sale.body, Place)
        to = Recipient(name="陈静", phone="+8613900000001", address="长宁路1号")
        return [Draft(kind=sale.kind, body=replace(
            sale.body, fulfilment=WantedFulfilment(kind=kind, store_id=there, to=to)
        ))]  # fmt: skip

    def _reshare(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Gives an order, or a line of it, to some of the guides, which another tablet may be doing too; now and then
        nobody who may has allowed it."""
        found = tablet.query("SELECT id, d ->> '$.lines[0].line_id' FROM shop_order ORDER BY id LIMIT 3")
        if not found:
            return self._order(tablet, guide)
        order, line = self._random.choice(found)
        guides = tablet.device.store.guides
        manager = guides[0] if self._random.random() < 0.8 else guides[-1]
        to = self._random.sample(guides, self._random.randint(1, len(guides)))
        return [self._work.reshare(order, to, manager, line if self._random.random() < 0.5 else "")]

    def _goods(self, tablet: Tablet, guide: str) -> list[Draft]:
        """A step of goods that are to be handed over, which another tablet may be doing too; or it was none; or they
        go another way."""
        if gone := tablet.query("SELECT id, d FROM shop_order WHERE repair = 'left_cancelled' ORDER BY id LIMIT 1"):
            return self._settle(gone[0][0], decode(gone[0][1], Order), self._order(tablet, guide))
        found = tablet.query("SELECT id, d FROM shop_order WHERE to_hand > 0 ORDER BY id LIMIT 3")
        if not found:
            return self._order(tablet, guide)
        order_id, text = self._random.choice(found)
        goes = decode(text, Order).fulfilment
        done = [step.op_id for step in ways.standing_steps(goes.steps) if step.what != "chosen"]
        if done and self._random.random() < 0.2:
            return [self._work.fulfil(order_id, "undo", self._random.choice(done))]
        if self._random.random() < 0.3:
            return [self._work.reroute(order_id, self._random.choice(_KINDS))]
        what = self._random.choice(("picking", "ready", "shipped", "done", "failed"))
        return [self._work.fulfil(order_id, what, under=ways.in_force(goes.steps))]

    def _settle(self, order_id: str, order: Order, new: list[Draft]) -> list[Draft]:
        """Goods left though their order was cancelled: a new order charges for them, or they are back; another tablet
        may be saying otherwise."""
        place = new[0].body
        by = place.order_id if isinstance(place, Place) and self._random.random() < 0.7 else ""
        steps = ways.left(order.fulfilment.steps)
        undone = [self._work.fulfil(order_id, "undo", step.op_id, charged_by=by) for step in steps]
        return [*undone, *new] if by else undone

    def _quote(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Makes a quotation, or an order of one, which another tablet may be doing too; or nobody wants it."""
        rows = tablet.query("SELECT id, d FROM quotation WHERE state = 'open' AND number <> '' ORDER BY id LIMIT 2")
        if not rows or self._random.random() < 0.2:
            member = self._member(tablet) if self._random.random() < 0.7 else None
            return [self._work.quote(self._number(tablet), member).draft]
        row_id, text = self._random.choice(rows)
        quoted = decode(text, Quotation)
        if self._random.random() < 0.2:
            return [self._work.void_quote(row_id, quoted.member_id or None)]
        sale = self._work.take_quote(row_id, quoted, self._number(tablet))
        order_id: str = getattr(sale[0].body, "order_id", "")
        return [*sale, self._work.cancel(order_id)] if self._random.random() < 0.2 else sale

    def _pay_by_phone(self, tablet: Tablet, guide: str) -> list[Draft]:
        """A code is asked for, given up, or money sent back; meanwhile somebody talks to the customer."""
        found = tablet.query("SELECT id, owed, refund, d FROM shop_order ORDER BY id")
        about = {"guide_id": guide, "request_id": self._work.id()}
        wanted: list[tuple[Literal["ask", "close", "refund"], str, int, str]] = []
        for order, owed, refund, text in found:
            told = json.loads(text)
            legs = [leg["id"] for leg in told.get("payments", ()) if leg["method"] == "qr" and "of" not in leg]
            if owed:
                wanted.append(("ask", order, owed, ""))
            if told.get("asked", {}).get("code"):
                wanted.append(("close", order, 0, told["asked"]["id"]))
            if refund and legs:
                wanted.append(("refund", order, refund, legs[0]))
        if wanted:
            what, order, amount, payment = self._random.choice(wanted)
            told_to = tablet.engine.payment(what, order_id=order, amount=amount, payment_id=payment, **about)
            tablet.begin(told_to)
        return self._talk(tablet, guide)

    def _lease(self, tablet: Tablet, guide: str) -> list[Draft]:
        """HQ is asked for a share of the shop's gift card; meanwhile something else is done."""
        rows = tablet.do(tablet.store.leases.rows())
        open_ones = [row.id for row in rows if _of(row).kind == "card"]
        more = self._random.choice([*open_ones, ""])
        card = self._hq.card_of(tablet.device.store)
        tablet.begin(tablet.engine.lease(card, self._random.randint(1, 2 * CARD), self._work.id(), more))
        return self._talk(tablet, guide)

    def _look_up(self, tablet: Tablet, guide: str) -> list[Draft]:
        """Somebody says their phone, whom the shop may not know; meanwhile another customer is served."""
        tablet.begin(tablet.engine.look_up(phone=self._phone()))
        return self._talk(tablet, guide)

    def _reveal(self, tablet: Tablet, guide: str) -> list[Draft]:
        member = self._member(tablet)
        return [self._work.reveal(member)] if member else self._sign_up(tablet, guide)

    def _phone(self) -> str:
        """Of somebody who comes back."""
        return f"+8613900000{self._random.randrange(PHONES):03d}"

    def _give_back(self, tablet: Tablet, guide: str) -> list[Draft]:
        rows = tablet.do(tablet.store.leases.rows())
        if not rows:
            return self._lease(tablet, guide)
        row = self._random.choice(rows)
        return [self._work.give_back(row.id, row.lease.left)]

    def _material(self, tablet: Tablet, guide: str) -> list[Draft]:
        return library.used(tablet, guide, self._random, self._work, self._member(tablet)) or self._talk(tablet, guide)

    def _pin(self, tablet: Tablet, guide: str) -> list[Draft]:
        return [self._work.pin(guide)]


def _of(row: LeaseRow) -> Instrument:
    """What HQ granted a share of."""
    assert row.lease.instrument is not None
    return row.lease.instrument
