"""What the forms work on: the settings of a scope as they are, and how changed ones are checked and saved."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec
from django.utils import timezone

from guide_app.domain.records import Settings
from hq.catalogue.models import Product
from hq.policies import services
from hq.policies.flaws import flaws
from hq.policies.mapping import SETTINGS
from hq.policies.models import ScopeSettings
from hq.promoting import currency
from hq.promotions.models import Promotion


class Desk(NamedTuple):
    """One scope's settings, the money that its amounts are in, and HQ's day."""

    item: ScopeSettings
    told: Settings
    currency: str
    today: date

    @property
    def held(self) -> int:
        """How many of the rules, by their first days, hold already."""
        return sum(one.valid_from <= self.today.isoformat() for one in self.told.level_rules)


def desk(item: ScopeSettings) -> Desk:
    """The settings' desk."""
    return Desk(item, SETTINGS.to_record(item), currency.of_scope(item.scope), timezone.localdate())


def problems(at: Desk, after: Settings) -> list[str]:
    """What is wrong with changed settings, in words."""
    return wrong(after, at.told, at.today)


def wrong(after: Settings, before: Settings | None, today: date) -> list[str]:
    """As `problems`; `before`: None of settings that are new."""
    sold = Product.objects.filter(id__in=[plan.product_id for plan in after.memberships])
    coupons = Promotion.objects.filter(kind="coupon").values_list("of", flat=True)
    return flaws(
        after, before, {str(one.id) for one in sold}, today.isoformat(), {str(of) for of in coupons.distinct()}
    )


def save(at: Desk, after: Settings, seen: int) -> None:
    """Saves them, unless somebody changed them since version `seen`. Raises Refused("changed_meanwhile")."""
    changed = ScopeSettings(id=at.item.id, ver=at.item.ver, scope=at.item.scope, values=msgspec.to_builtins(after))
    services.save_settings(changed, seen)
