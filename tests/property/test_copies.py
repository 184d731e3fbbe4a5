"""One order, taken back in the shop that sold it and in two others, in any order of events."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import payments, returns
from guide_app.domain.returns import till_legs
from sync.protocol.messages import WireOp
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import body_of
from tests.unit.hq.handlers.test_copies import Two


class Back(NamedTuple):
    """So many pieces come back in a shop, by what its copy says they are worth."""

    shop: int
    qty: int


class Undo(NamedTuple):
    """The return made last but `ago` in a shop was none."""

    shop: int
    ago: int


class Sweep(NamedTuple):
    """What shops left to one another is done."""


EVENTS = st.one_of(
    st.builds(Back, st.integers(0, 2), st.integers(1, 4)),
    st.builds(Undo, st.integers(0, 2), st.integers(0, 2)),
    st.builds(Sweep),
)


class Chain(Two):
    """Three shops, whose tablets make what they are told."""

    def __init__(self) -> None:
        super().__init__(qty=4)
        self.shops = (self.home, self.here, self.third)
        self.made: list[list[str]] = [[], [], []]
        for shop in self.shops[1:]:
            self.look_up(shop)
        self.before = [self.pieces(shop) for shop in self.shops]

    def pieces(self, shop: MemoryShop) -> int:
        return int(shop.record("stock", self.home.product_id).on_hand)

    def happens(self, event: Back | Undo | Sweep) -> None:
        match event:
            case Back(shop=at, qty=qty):
                back = self.back(qty, shop=self.shops[at])
                self.made[at].append(body_of(back)["return_id"])
                self.take(at, back.kind.removeprefix("order_copy.") if at == 0 else "", back)
            case Undo(shop=at, ago=ago) if len(self.made[at]) > ago:
                body = {"order_id": self.order_id, "return_id": self.made[at][-1 - ago]}
                kind = "order.return_undo" if at == 0 else "order_copy.return_undo"
                assert self.shops[at].results(self.maker(self.shops[at]).op(kind, body))[0].status == "applied"
            case Sweep():
                self.sweep()
            case _:
                pass

    def take(self, at: int, own: str, back: WireOp) -> None:
        op = self.maker(self.shops[at]).op(f"order.{own}" if own else back.kind, body_of(back))
        assert self.shops[at].results(op)[0].status == "applied"


@given(st.lists(EVENTS, max_size=12))
def test_two_shops_never_take_back_more_than_was_sold(events: list[Back | Undo | Sweep]) -> None:
    chain = Chain()
    for event in events:
        chain.happens(event)
        back = returns.returned(chain.order)[chain.line_id]
        assert 0 <= back <= 4
        given = sum(one.refund.money - one.risk for one in returns.standing(chain.order))
        assert 0 <= given <= 4 * PRICE, "no cent leaves an order twice"
    chain.sweep()
    order = chain.order
    for shop in chain.shops[1:]:
        copy = chain.copy(shop)
        assert (copy.returns, copy.payments, copy.state) == (order.returns, order.payments, order.state)
    # each piece that came back lies in one shop, and each shop's till has what it gave
    came = [chain.pieces(shop) - before for shop, before in zip(chain.shops, chain.before, strict=True)]
    assert sum(came) == returns.returned(order)[chain.line_id]
    assert all(count >= 0 for count in came)
    rows = (order, *(chain.copy(shop) for shop in chain.shops[1:]))
    legs = [leg.id for row in rows for leg in till_legs(row)]
    assert sorted(legs) == sorted(leg.id for leg in order.payments), "every payment is in one shop's day"
    assert returns.held(order) == payments.due(order) >= 0


@given(st.lists(EVENTS, max_size=8))
def test_all_undone_nothing_is_left(events: list[Back | Undo | Sweep]) -> None:
    chain = Chain()
    for event in events:
        chain.happens(event)
    for at, made in enumerate(chain.made):
        for ago in range(len(made)):
            chain.happens(Undo(at, ago))
    chain.sweep()
    assert not returns.standing(chain.order)
    assert returns.held(chain.order) == 4 * PRICE
    assert payments.received(chain.order) == 4 * PRICE
    assert [chain.pieces(shop) for shop in chain.shops] == chain.before
    member = chain.home.record("member", chain.member_id)
    assert (member.order_count, member.spent) == (1, 4 * PRICE)
