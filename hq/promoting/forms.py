"""The editor's form: the fields of one kind of promotion, and the record that they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guide_app.domain import money, pricing
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Audience, BundlePart, Names, Promotion, TierStep
from hq.catalogue.models import Product
from hq.console.admin_base import ServiceForm
from hq.console.trade_words import said
from hq.promoting import currency, goods, kinds
from hq.promoting.fields import FIELDS
from hq.promotions.mapping import PROMOTION

_MONEY = ("amount", "min_amount", "cap")
_RATES = ("percent", "cap_share")
_PLAIN = ("buy", "get", "min_pieces", "repeats", "points", "priority", "each", "stacks", "reach", "measure", "group",
          "from_time", "until_time", "active")  # fmt: skip
_FOR = ("members", "staff", "birthday_month", "new_days", "levels", "tags")


class PromotionForm(ServiceForm):
    """A promotion of one kind. Valid, it has the `record` that it says; amounts are in whole units of `currency`."""

    kind: ClassVar[str]
    record: Promotion

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = PROMOTION.to_record(self.instance) if self.instance.ver else kinds.begun(self.kind)
        scope = self.data.get("scope", "") if self.is_bound and not self.instance.ver else self.instance.scope
        self.currency = currency.of_scope(scope)
        self.initial.update((name, value) for name, value in self._initial(self._before) if name in self.fields)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for what is no sound promotion."""
        cleaned = super().clean()
        if cleaned.get("last_day") and cleaned.get("valid_from") and cleaned["last_day"] < cleaned["valid_from"]:
            self.add_error("last_day", _("The last day comes before the first."))
        if cleaned.get("until_time") and cleaned["until_time"] <= cleaned.get("from_time", ""):
            self.add_error("until_time", _("This time must come after the other."))
        if self.errors:
            return cleaned
        try:
            self.record = self._said(cleaned)
        except BadInput:
            raise ValidationError(
                _("The money of these stores has fewer digits: {currency}.").format(currency=self.currency)
            ) from None
        if found := pricing.flaw(self.record):
            raise ValidationError(said("flaw", found))
        return cleaned

    def _initial(self, one: Promotion) -> Iterator[tuple[str, Any]]:
        yield from ((name, getattr(one, name)) for name in _PLAIN)
        yield from ((name, self._major(getattr(one, name))) for name in _MONEY)
        yield from ((name, _rate(getattr(one, name))) for name in _RATES)
        yield from ((name, getattr(one.audience, name)) for name in _FOR)
        yield from (("name_en", one.names.en), ("name_zh", one.names.zh))
        yield from (("goods", goods.chosen(one.goods)), ("without", goods.taken_out(one.goods)))
        yield from (("weekdays", [str(day) for day in one.weekdays]), ("prices", self._prices_text(one)))
        if one.valid_until:
            yield "last_day", date.fromisoformat(one.valid_until) - timedelta(days=1)
        for n, part in enumerate(one.parts, 1):
            yield from ((f"part{n}_pieces", part.pieces), (f"part{n}_goods", goods.chosen(part.goods)))
        for n, step in enumerate(one.steps, 1):
            at = step.at if one.measure == "pieces" else self._major(step.at)
            yield from ((f"step{n}_at", at), (f"step{n}_percent", _rate(step.percent)))
            yield f"step{n}_amount", self._major(step.amount)

    def _said(self, told: dict[str, Any]) -> Promotion:
        """Raises BadInput("amount_invalid") for a part of the smallest coin."""
        fresh = Promotion(names=Names(), kind=self.kind)
        says: dict[str, Any] = {name: told[name] or getattr(fresh, name) for name in _PLAIN if name in told}
        if told.get("repeats") == 0:
            says["repeats"] = 0
        says |= {name: self._minor(told[name]) for name in _MONEY if told.get(name)}
        says |= {name: _basis_points(told[name]) for name in _RATES if told.get(name)}
        says["active"] = bool(told["active"])
        if told.get("last_day"):
            says["valid_until"] = (told["last_day"] + timedelta(days=1)).isoformat()
        if told.get("valid_from"):
            says["valid_from"] = told["valid_from"].isoformat()
        who: dict[str, Any] = {name: told[name] for name in _FOR if told.get(name)}
        who |= {name: tuple(who[name]) for name in ("levels", "tags") if name in who}
        return Promotion(
            names=Names(en=told["name_en"], zh=told["name_zh"]), kind=self.kind, **says,
            audience=Audience(**who),
            goods=goods.selection(told.get("goods", []), told.get("without", [])),
            weekdays=tuple(int(day) for day in told["weekdays"]), prices=self._prices(told.get("prices", "")),
            parts=tuple(_parts(told)), steps=tuple(self._steps(told)),
        )  # fmt: skip

    def _steps(self, told: dict[str, Any]) -> Iterator[TierStep]:
        for n in range(1, kinds.STEPS + 1):
            at, rate, amount = (told.get(f"step{n}_{part}") for part in ("at", "percent", "amount"))
            if at:
                counted = int(at) if told["measure"] == "pieces" else self._minor(at)
                yield TierStep(at=counted, percent=_basis_points(rate), amount=self._minor(amount))

    def _prices(self, text: str) -> dict[str, int]:
        lines = [line.split() for line in text.splitlines() if line.strip()]
        products = dict(Product.objects.filter(sku__in=[line[0] for line in lines]).values_list("sku", "id"))
        prices: dict[str, int] = {}
        for line in lines:
            try:
                sku, price = line
                prices[str(products[sku])] = _positive(money.from_major(price, self.currency))
            except (ValueError, KeyError, BadInput):
                self.add_error("prices", _("This line cannot be read: {line}").format(line=" ".join(line)))
        return prices

    def _prices_text(self, one: Promotion) -> str:
        skus = {str(key): product.sku for key, product in Product.objects.in_bulk(list(one.prices)).items()}
        told = ((skus[key], amount) for key, amount in one.prices.items() if key in skus)
        return "\n".join(f"{sku} {self._major(amount)}" for sku, amount in sorted(told))

    def _major(self, minor: int) -> Decimal | None:
        return money.to_major(minor, self.currency) if minor else None

    def _minor(self, value: Decimal | None) -> int:
        return money.from_major(f"{value.normalize():f}", self.currency) if value else 0


def form_of(kind: str) -> type[PromotionForm]:
    """The form of a kind of promotion."""
    names = [*flatten_fieldsets(kinds.fieldsets(kind))]
    made = {name: FIELDS[name]() for name in names if name in FIELDS}
    return type("KindForm", (PromotionForm,), {**made, "kind": kind})


def _parts(told: dict[str, Any]) -> Iterator[BundlePart]:
    for n in range(1, kinds.PARTS + 1):
        if values := told.get(f"part{n}_goods"):
            yield BundlePart(goods=goods.selection(values, []), pieces=told[f"part{n}_pieces"] or 1)


def _rate(basis_points: int) -> Decimal | None:
    return Decimal(basis_points) / 100 if basis_points else None


def _basis_points(value: Decimal | None) -> int:
    return int(value * 100) if value else 0


def _positive(amount: int) -> int:
    if amount < 0:
        raise BadInput("amount_invalid")
    return amount
