"""People of HQ's console for tests: each with a role, and what it is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

PASSWORD = "correct-horse-9"


def person(
    name: str, role: str, *, regions: Sequence[Any] = (), franchise: Any = None, stores: Sequence[Any] = ()
) -> Any:
    """A user with the role of this letter."""
    from django.contrib.auth.models import User

    from hq.rights.models import Account

    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    account = Account.objects.create(user=user, role=role, franchise=franchise)
    account.regions.set(regions)
    account.stores.set(stores)
    return user


def browser(user: Any, language: str = "en") -> Any:
    """A browser in which the user is signed in."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    client.cookies["guide_hq_language"] = language
    return client
