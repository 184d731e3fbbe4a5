"""HQ's own people and jobs: prices, products, policies, members and staff change while tablets work."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, get_args

import msgspec

from guide_app.domain import fulfilment
from guide_app.domain.clock import to_text
from guide_app.domain.records import (
    Category,
    Material,
    MessageTemplate,
    Names,
    Order,
    Policy,
    Price,
    Product,
    Promotion,
    Record,
    Ref,
    Staff,
    StaffPurchase,
    Stock,
    TagRule,
)
from guide_app.domain.records.order import FulfilmentKind, Recipient
from guide_app.operations.fulfilling import Fulfil
from guide_app.operations.orders import WantedFulfilment
from hq.handlers.moving import last_step
from hq.ledger.port import ScopeKey
from hq.privacy.values import Showing
from hq.sync_api import lookup
from sync.protocol.messages import LookupRequest
from tests.simulation import promoted
from tests.simulation.derived import publish_wallets
from tests.simulation.hq import SimulatedHq
from tests.simulation.hq_data import CHAIN, LIMIT, Store

RULES = (
    "orders.count >= 1", 'talks.count > 1 or source = "friend"', "days_until(birthday) <= 7", 'not consent("terms")',
    'bought.category("Bath") and orders.sum > 100', "a rule that no version reads",
)  # fmt: skip
_OFTEN = ("goods", "goods", "another way", "another way")
"""What mostly finds nothing that could be done."""
change = msgspec.structs.replace


class Office:
    """Writes as HQ's services do: the row one version on, published in the same transaction."""

    def __init__(self, hq: SimulatedHq, random: Random) -> None:
        self._hq, self._random, self._data = hq, random, hq.data
        self._deeds: dict[str, Callable[[], None]] = {
            "price": self._price, "product": self._product, "policy": self.publish_policy, "member": self._member,
            "staff": self._staff, "stock": self._stock, "replay": self._replay,
            "pays": self._hq_pays, "provider": hq.hear_provider, "looks": self._looks,
            "product gone": self.take_product_away, "settings": self._settings,
            "move": self._move, "visit": self._visit, "sweep": self._hq.sweep,
            "release": self._hq.release, "tag rule": self._tag_rule, "category": self._category,
            "template": self._template, "promotion": self._promotion, "wallets": self._wallets, "export": self._export,
            "goods": self._goods, "another way": self._another_way, "staff right": self._staff_right,
            "material": self._material,
        }  # fmt: skip

    def work(self) -> str:
        """One write; what it was."""
        name = self._random.choice([*self._deeds, *_OFTEN])
        self._deeds[name]()
        return name

    def publish_policy(self) -> None:
        """The second version of the terms, that guides of some tablets wrote down too soon."""
        known = self._data.records(CHAIN, "policy").values()
        if not any(getattr(row.record, "version", "") == "2" for row in known):
            policy = Policy(kind="terms", version="2", title=Names(), text=Names())
            self._data.write(self._data.chain, {Ref("policy", self._hq.id()): policy})

    def _price(self) -> None:
        self._change(self._data.chain, "price", lambda price: change(price, amount=price.amount + 10))

    def _product(self) -> None:
        product = Product(names=Names(en="Soap", zh="肥皂"), sku=self._hq.id()[:8])
        product_id = self._hq.id()
        price = Price(list=self._hq.list_id, product=product_id, amount=990)
        rows: dict[Ref, Record] = {Ref("product", product_id): product, Ref("price", self._hq.id()): price}
        self._data.write(self._data.chain, rows)

    def take_product_away(self) -> None:
        """A product that nobody sells is taken away, if there is one."""
        spare = sorted(set(self._data.records(CHAIN, "product")) - set(self._hq.products))
        if spare:
            self._data.gone(self._data.chain, Ref("product", self._random.choice(spare)))

    def _member(self) -> None:
        name, level = self._random.choice(("张敏", "Wang Wei")), self._random.choice(("gold", "silver"))
        self._change(self._key(), "member", lambda member: change(member, name=name, level=level))

    def _tag_rule(self) -> None:
        """A new rule, or one that is said otherwise or put out of use."""
        known = sorted(self._data.records(CHAIN, "tag_rule"))
        says = self._random.choice(RULES)
        if len(known) < len(RULES) and self._random.random() < 0.6:
            tag = self._random.choice(("常客", "Tea", "new"))
            made = TagRule(names=Names(en=tag, zh=tag), tag=tag, expression=says)
            self._data.write(self._data.chain, {Ref("tag_rule", self._hq.id()): made})
            return
        active = self._random.random() < 0.8
        self._change(self._data.chain, "tag_rule", lambda rule: change(rule, expression=says, active=active))

    def _category(self) -> None:
        """A new one, and a product that lies in it from now on."""
        category_id = self._hq.id()
        self._data.write(self._data.chain, {Ref("category", category_id): Category(names=Names(en="Bath", zh="洗浴"))})
        self._change(self._data.chain, "product", lambda product: change(product, category_id=category_id))

    def _template(self) -> None:
        """A template, and material that says the same."""
        words = Names(en="Hello {name}", zh="{name}您好")
        made = MessageTemplate(situation="birthday", channel="sms", title=words, text=words)
        shown = Material(material=self._hq.id(), version=1, kind="text", title=words, text=words)
        rows: dict[Ref, Record] = {
            Ref("message_template", self._hq.id()): made, Ref("material", self._hq.id()): shown,
        }  # fmt: skip
        self._data.write(self._random.choice((self._data.chain, self._data.region)), rows)

    def _material(self) -> None:
        """The next version of one, or it is withdrawn, or published again."""
        key = self._random.choice((self._data.chain, self._data.region))
        if not (found := sorted(ref for ref in self._data.feed(key) if ref.entity == "material")):
            return
        ref = self._random.choice(found)
        shown: Any = self._data.records(CHAIN, "material")[ref.id].record
        state = self._random.choice(("published", "published", "withdrawn"))
        self._data.write(key, {ref: change(shown, version=shown.version + 1, state=state)})

    def _promotion(self) -> None:
        """A new one; or the next version of one, which ends the one before; or one is ended."""
        known = [
            (row_id, row.record)
            for row_id, row in sorted(self._data.records(CHAIN, "promotion").items())
            if isinstance(row.record, Promotion) and not row.record.until_moment
        ]
        new_id, now = self._hq.id(), to_text(self._hq.timeline.now())
        if len(known) < 3:
            kind = self._random.choice([*promoted.KINDS])
            made = promoted.KINDS[kind](self._random, self._hq.products)
            self._data.write(self._data.chain, {Ref("promotion", new_id): change(made, of=new_id, since=now)})
            return
        row_id, old = self._random.choice(known)
        rows: dict[Ref, Record] = {Ref("promotion", row_id): change(old, until_moment=now)}
        if old.since < now and self._random.random() < 0.7:
            said = promoted.KINDS[old.kind](self._random, self._hq.products)
            rows[Ref("promotion", new_id)] = change(said, of=old.of, version=old.version + 1, since=now)
        self._data.write(self._data.chain, rows)

    def _wallets(self) -> None:
        publish_wallets(self._hq)

    def _export(self) -> None:
        """Somebody asks for all that there is about them; that it was taken is kept."""
        store = self._store()
        if members := sorted(self._data.records(store.store_id, "member")):
            told = Showing(member_id=self._random.choice(members), what="export", at=to_text(self._hq.timeline.now()),
                           operator="op")  # fmt: skip
            self._data.keep(store.store_id, Ref("showing", self._hq.id()), told)

    def _staff(self) -> None:
        self._change(self._key(), "staff", lambda staff: change(staff, name=self._random.choice(("李雷", "韩梅"))))

    def _staff_right(self) -> None:
        """Another limit for a colleague, or none any more."""
        limit = self._random.choice((1, LIMIT // 2, 2 * LIMIT, LIMIT, 0))
        until = self._random.choice(("", "", "2026-11-30"))

        right = StaffPurchase(limit=limit, until=until) if limit else None
        key = self._key()
        row_id, row = self._random.choice(sorted(self._data.records(key.store_id, "staff").items()))
        self._hq.limits[row_id] = max(self._hq.limits[row_id], limit)
        assert isinstance(row.record, Staff)
        self._data.write(key, {Ref("staff", row_id): change(row.record, purchase=right)})

    def _goods(self) -> None:
        """A step of goods that are still to be handed over, which a tablet may be doing too; or the last was none."""
        store, order_id, order = self._to_hand()
        if order is None:
            return
        undone, goes = last_step(order), order.fulfilment
        if undone and self._random.random() < 0.2:
            body = Fulfil(order_id=order_id, what="undo", undoes=undone)
        elif steps := fulfilment.next_steps(goes):
            body = msgspec.convert({"order_id": order_id, "what": self._random.choice(steps)}, Fulfil)
        else:
            return
        self._hq.move_goods(store, lambda mover: mover.step(body))

    def _another_way(self) -> None:
        """The goods go in another way than the customer chose."""
        store, order_id, order = self._to_hand()
        if order is None:
            return
        kind: FulfilmentKind = self._random.choice(get_args(FulfilmentKind))
        to = Recipient(name="陈静", phone="+8613900000001", address="长宁路1号")
        wanted = WantedFulfilment(kind=kind, to=to, day="2026-12-24")
        self._hq.move_goods(store, lambda mover: mover.reroute(order_id, wanted))

    def _to_hand(self) -> tuple[Store, str, Order | None]:
        """Some order whose goods the customer does not have yet."""
        found = [
            (store, row_id, row.record)
            for store in self._hq.stores
            for row_id, row in sorted(self._data.records(store.store_id, "order").items())
            if isinstance(row.record, Order) and fulfilment.is_open(row.record)
        ]
        return self._random.choice(found) if found else (self._hq.stores[0], "", None)

    def _looks(self) -> None:
        """The job that looks after payments."""
        self._hq.look_after_payments()

    def _hq_pays(self) -> None:
        """A customer pays on their phone."""
        self._hq.customer_pays()

    def _stock(self) -> None:
        store, more = self._store(), self._random.randint(-5, 20)
        product = self._random.choice(self._hq.products)
        row = self._data.records(store.store_id, "stock")[product].record
        assert isinstance(row, Stock)
        self._hq.stock[store.store_id, product] += more
        key = ScopeKey(store.store_id, store.scope)
        self._data.write(key, {Ref("stock", product): change(row, on_hand=row.on_hand + more)})

    def _settings(self) -> None:
        self._change(self._data.region, "settings", lambda told: change(told, pin_tries=told.pin_tries + 1))

    def _move(self) -> None:
        """A member's home becomes another store."""
        old, new = self._store(), self._store()
        members = sorted(self._data.records(old.store_id, "member"))
        if members and old != new:
            self._hq.move(self._random.choice(members), old, new)

    def erase_somebody(self) -> bool:
        """False where there is nobody."""
        store = self._store()
        members = sorted(self._data.records(store.store_id, "member"))
        if members:
            self._hq.erase(store, self._random.choice(members))
        return bool(members)

    def _visit(self) -> None:
        """A member is looked up in another store by the number on their card."""
        home, store = self._store(), self._store()
        found = sorted(self._data.records(home.store_id, "member").items())
        if found:
            asked = LookupRequest(card=getattr(self._random.choice(found)[1].record, "member_no", ""))
            lookup.answer(self._data.ledger, self._hq.branch(store.store_id), asked, self._hq.timeline.now())

    def _replay(self) -> None:
        self._hq.replay()

    def _change(self, key: ScopeKey, entity: str, how: Callable[[Any], Record]) -> None:
        found = sorted(self._data.records(key.store_id, entity).items())
        if found:
            row_id, row = self._random.choice(found)
            self._data.write(key, {Ref(entity, row_id): how(row.record)})

    def _store(self) -> Store:
        return self._random.choice(self._hq.stores)

    def _key(self) -> ScopeKey:
        store = self._store()
        return ScopeKey(store.store_id, store.scope)
