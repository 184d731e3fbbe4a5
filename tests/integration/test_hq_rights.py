"""Who may do what, and over which stores: every address of the console as every role of two stores, and every address
of the tablets' interface. It counts what it asked; across stores nothing is read and nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.integration.two_worlds import Worker, World, everybody, two_worlds

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # Django logs what it refuses
REFUSED = (403, 404, 405)
_NOBODYS = "00000000-0000-0000-0000-000000000000"


@cache
def addresses() -> tuple[Any, ...]:
    """(name, route) of every address that Django answers."""
    from django.urls import URLResolver, get_resolver

    def walk(resolver: Any, before: str) -> Iterator[tuple[str | None, str]]:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one, route)
            else:
                yield one.name, route

    return tuple(walk(get_resolver(), ""))


def filled(route: str, key: object) -> str:
    """An address of the route."""
    import re

    kinds = {
        r"\^?\(\?P<app_label>[^)]*\)/\$": "orders/", r"\(\?P<url>\.\*\)\$": "nothing/", r"<\w+:sha256>": "0" * 64,
        r"<\w+:(object_id|trial_id|upload_id|id)>": str(key), "<str:token>": "x", "<path:content_type_id>": "1",
    }  # fmt: skip
    for part, becomes in kinds.items():
        route = re.sub(part, becomes, route)
    return f"/{route}"


def pages() -> Iterator[tuple[str, str, str, bool]]:
    """(label, page, route, about a row) of every page of every feature."""
    from django.urls import resolve

    from hq.rights import gate

    for name, route in addresses():
        if name and route.startswith("admin/") and "<path:content_type_id>" not in route and name != "app_list":
            page = gate.page_of(resolve(filled(route, _NOBODYS)))
            if page is not None:
                yield page.model._meta.label_lower, page.name, route, "_id>" in route or ":id>" in route


def rows_of(world: World) -> str:
    """All rows of the world, as the database has them."""
    from django.db import connection

    parts = [
        f"(SELECT t::text FROM {row._meta.db_table} t WHERE t.{row._meta.pk.column} = '{row.pk}')"  # ours
        for row in world.rows.values()
    ]
    tables = {row._meta.db_table for row in world.rows.values() if any(f.name == "store_id" for f in row._meta.fields)}
    counts = [f"(SELECT count(*)::text FROM {one} WHERE store_id = '{world.store.pk}')" for one in sorted(tables)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT concat_ws('|', " + ", ".join([*parts, *counts]) + ")")
        return str(cursor.fetchone()[0])


def naming(world: World) -> dict[str, str]:
    """What a form could name of a world."""
    store, member = str(world.store.pk), str(world.rows["members.member"].pk)
    return {
        "store_id": store, "choice": store, "scope": world.region.scope, "region": str(world.region.pk),
        "owner_id": member, "member_no": world.mark, "reason": "lost", "post": "yes", "name": "HACKED", "staff_no": "9",
        "role": "guide", "kind": "percentage", "store": store, "try_stores": store,
        "franchise": str(world.franchise.pk), "code": "777", "name_en": "HACKED", "name_zh": "HACKED",
    }  # fmt: skip


class Walk:
    """Asks for every page as everybody and counts what came of it."""

    def __init__(self, worlds: tuple[World, World]) -> None:
        self.worlds, self.counted = worlds, Counter[str]()
        self.before = {world.mark: rows_of(world) for world in worlds}

    def page(self, worker: Worker, label: str, name: str, route: str, *, about_row: bool) -> None:
        """A page about a row is asked for with that of either world, another one once."""
        for world in self.worlds if worker.own else self.worlds[:1]:
            row = world.rows.get(label)
            if (row is None) if about_row else (world is not (worker.own or world)):
                continue
            url = filled(route, row.pk if row is not None else "") + (
                "?kind=percentage" if "promotion/" in route else ""
            )
            elsewhere = [other for other in self.worlds if other is not worker.own]
            tried = [f"{url}?store={elsewhere[-1].store.pk}", f"{url}?q=MARK"] if worker.own else []
            asked = [url, *tried] if name == "changelist" else [url]
            for one in asked:
                self.look(worker, world, (label, name), one)
            if name not in ("changelist", "history"):  # they have no button
                self.do(worker, (label, name), url)

    def look(self, worker: Worker, world: World, page: tuple[str, str], url: str) -> None:
        """GET: what the table says is so, and nothing of another world is on the page."""
        answer = worker.client.get(url)
        self.counted["GET"] += 1
        may = allowed(worker, *page)
        if answer.status_code in REFUSED:
            self.counted["refused"] += 1
            anothers = worker.own is not None and world is not worker.own
            assert anothers or not may or answer.status_code == 404, (worker.user, url, answer.status_code)
            return
        self.counted["shown"] += 1
        assert may, (worker.user, url)
        shown = answer.content.decode("utf-8", "replace")
        others = [other for other in self.worlds if worker.own not in (None, other)]
        found = [told for other in others for told in other.told if told not in url and told in shown]
        self.counted["read across"] += bool(found)
        assert not found, (worker.user, url, found)

    def do(self, worker: Worker, page: tuple[str, str], url: str) -> None:
        """POST with what the other world has; what it did is looked at and taken back."""
        from django.db import transaction

        self.counted["POST"] += 1
        others = [other for other in self.worlds if other is not worker.own]
        with transaction.atomic():
            answer = worker.client.post(url, naming(others[-1]))
            if answer.status_code in REFUSED:
                self.counted["refused"] += 1
                return
            assert allowed(worker, *page, doing=True), (worker.user, url)
            written = (
                [] if worker.own is None else [one.mark for one in others if rows_of(one) != self.before[one.mark]]
            )
            self.counted["written across"] += bool(written)
            assert not written, (worker.user, url)
            self.counted["taken"] += 1
            transaction.set_rollback(True)


def allowed(worker: Worker, label: str, name: str, *, doing: bool = False) -> bool:
    """What the table says."""
    from hq.rights import gate, reach

    what = "change" if name == "change" and doing else gate.STANDARD.get(name, name)
    return reach.of(worker.user).may(label, what, doing=doing)


def test_nothing_is_read_or_written_across_stores(capsys: pytest.CaptureFixture[str]) -> None:
    walk = Walk(two_worlds())
    workers = everybody(walk.worlds)
    for worker in workers:
        for label, name, route, about_row in pages():
            walk.page(worker, label, name, route, about_row=about_row)
    assert {world.mark: rows_of(world) for world in walk.worlds} == walk.before
    counted = walk.counted
    with capsys.disabled():
        told = ", ".join(
            f"{counted[what]} {what}"
            for what in (*sorted(counted.keys() - {"read across", "written across"}), "read across", "written across")
        )
        print(f"\nrights: {len(workers)} people, {len(list(pages()))} pages, {told}")
    assert counted["shown"] > 200
    assert counted["taken"] > 20
    assert counted["refused"] > 1000


def test_every_address_is_in_the_table_and_every_row_of_the_table_is_an_address() -> None:
    from django.urls import resolve

    from hq.rights import gate
    from hq.rights.table import FEATURES, PUBLIC

    for name, route in addresses():
        closed = name in ("autocomplete", "view_on_site")
        assert gate.is_open(resolve(filled(route, _NOBODYS))) != closed, f"{route}: give it a row in hq/rights/table.py"
    assert {route for _name, route in addresses() if not route.startswith("admin/")} == PUBLIC
    there = {(label, name) for label, name, _route, _row in pages()}
    assert there >= {
        (label, name) for label, one in FEATURES.items() for name in one.pages if label != "rights.account"
    }
    without_pages = {"rights.account"}
    assert {label for label, _name in there} == FEATURES.keys() - without_pages


def test_a_page_that_the_table_forgot_is_closed_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.admin import ModelAdmin, site
    from django.contrib.auth.models import User

    from hq.rights import gate, guarded, reach, table
    from hq.talks.models import Talk
    from tests.console_people import browser

    boss = browser(User.objects.create_superuser("boss", password="correct-horse-9"))
    assert boss.get("/admin/talks/talk/").status_code == 200
    with monkeypatch.context() as patched:
        other: dict[Any, Any] = dict(site._registry)
        other[Talk] = ModelAdmin(Talk, site)
        patched.setattr(site, "_registry", other)
        assert boss.get("/admin/talks/talk/").status_code == 404, "a page that is not guarded"
    less = {label: one for label, one in table.FEATURES.items() if label != "talks.talk"}
    for module in (gate, guarded, reach):
        monkeypatch.setattr(module, "FEATURES", less)
    assert boss.get("/admin/talks/talk/").status_code == 404
    assert "/admin/talks/talk/" not in boss.get("/admin/").content.decode()
    assert boss.get("/admin/autocomplete/").status_code == 404


def test_the_first_page_counts_what_is_within_reach() -> None:
    first, second = two_worlds()
    for worker in everybody((first, second)):
        page = worker.client.get("/admin/").content.decode()
        shown = [world.mark for world in (first, second) if f"{world.mark} till" in page]
        own = [] if worker.own is None else [worker.own.mark]
        assert shown == (own if worker.own or not worker.role else [first.mark, second.mark]), worker.user


def test_the_tablets_interface_takes_nobody_of_the_console() -> None:
    import httpx
    import msgspec

    from hq.sync_api import openapi
    from tests.hq_server import serving

    worlds = two_worlds()
    before = [rows_of(world) for world in worlds]
    asked = 0
    with serving() as url, httpx.Client(base_url=url) as http:
        for worker in everybody(worlds):
            session = worker.client.cookies["guide_hq_session"].value
            for path, calls in msgspec.json.decode(openapi.document())["paths"].items():
                for method in calls:
                    answer = http.request(
                        method, path.replace("{sha256}", "0" * 64), content=b"{}",
                        headers={"Cookie": f"guide_hq_session={session}"},
                    )  # fmt: skip
                    assert path == "/v1/openapi.json" or answer.status_code in range(400, 500), (path, worker.user)
                    asked += 1
    assert asked > 80
    assert [rows_of(world) for world in worlds] == before
