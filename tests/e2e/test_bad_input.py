"""What a person types wrong, and a network that fails or lies: words say what to do, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests import shop
from tests.e2e.street import GUIDE, World, assert_kept, enrol, open_tablet, press, sign_in, until
from tests.e2e.tablet import Tablet

UNREACHED = "HQ did not answer. Check the network"
UNKNOWN_CODE = "HQ does not know this code."


# ---------------------------------------------------------------- enrolling


class Portal(http.server.BaseHTTPRequestHandler):
    """A guest network's login page, whatever is asked."""

    def do_POST(self) -> None:
        page = b"<html><title>Guest WiFi</title>Please sign in</html>"
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def portal() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def type_code(tablet: Tablet, before: str, code: str) -> None:
    tablet.click("enrol-code")
    for _ in before:
        tablet.key("Back")
    tablet.type(code)


def test_what_does_not_enrol_says_why_and_keeps_what_was_typed(world: World) -> None:
    used, fresh = world.code(), world.code()
    asyncio.run(enrol(world.folder / "first", world.link.url, used))
    with open_tablet(world.tablet("new")) as tablet, portal() as login_page:
        for field, text in (("enrol-address", "http://hq.cn"), ("enrol-name", "Till 3"), ("enrol-code", "WRNG-CODE")):
            tablet.click(field)
            tablet.type(text)
        tablet.click("enrol")
        tablet.wait_for("This is no address of an HQ.")
        assert_kept(tablet, "http://hq.cn", "Till 3", "WRNG-CODE")
        tablet.click("enrol-address")
        for _ in "http://hq.cn":
            tablet.key("Back")
        tablet.type(world.link.url)
        tablet.wait_gone("This is no address of an HQ.")

        world.link.down()
        for target in (world.port, login_page):
            world.link.to(target)
            if target == login_page:
                world.link.up()
            tablet.click("enrol")
            tablet.wait_for(UNREACHED)
            tablet.click("enrol-address")
            tablet.type("/")
            tablet.wait_gone(UNREACHED)
            tablet.key("Back")
            assert_kept(tablet, world.link.url, "Till 3", "WRNG-CODE")

        world.link.to(world.port)
        tablet.click("enrol")
        tablet.wait_for(UNKNOWN_CODE)
        assert_kept(tablet, world.link.url, "Till 3", "WRNG-CODE")
        type_code(tablet, "WRNG-CODE", used)
        tablet.wait_gone(UNKNOWN_CODE)
        tablet.click("enrol")
        tablet.wait_for(UNKNOWN_CODE)
        assert_kept(tablet, world.link.url, "Till 3", used)
        type_code(tablet, used, fresh)
        tablet.click("enrol")
        tablet.wait_for(f"guide-{GUIDE}")


def test_a_first_sync_that_is_cut_off_goes_on(world: World) -> None:
    with open_tablet(world.tablet("cut")) as tablet:
        world.link.cut(1_800, 700)
        for field, text in (("enrol-address", world.link.url), ("enrol-code", world.code())):
            tablet.click(field)
            tablet.type(text)
        tablet.click("enrol")
        tablet.wait_for("Waiting for the network")
        tablet.wait_for("What has come is kept.")
        tablet.wait_for(f"guide-{GUIDE}")
        assert world.link.cuts_left == 0


# ---------------------------------------------------------------- at the counter


def test_a_wrong_pin_counts_and_waits_also_over_a_restart(world: World) -> None:
    with open_tablet(world.enrolled("pins")) as tablet:
        tablet.click(f"guide-{GUIDE}")
        for left in ("2 tries left", "1 try left"):
            press(tablet, "111112")
            tablet.wait_for(f"Wrong PIN. {left}.")
        press(tablet, "111112")
        tablet.wait_for("Too many wrong PINs. Try again in")
        tablet.kill()
        tablet.start()
        tablet.click(f"guide-{GUIDE}")
        press(tablet, shop.PIN)
        tablet.wait_for("Too many wrong PINs. Try again in")
        tablet.wait_gone("Too many wrong PINs. Try again in")
        press(tablet, shop.PIN)
        tablet.wait_for("rail-Today")


def test_a_phone_that_is_none_and_a_code_that_nobody_knows_cost_nothing_typed(world: World) -> None:
    with open_tablet(world.enrolled("form")) as tablet:
        sign_in(tablet)
        tablet.click("quick-sign-up")
        tablet.click("phone")
        tablet.type("99999999999")
        tablet.wait_for("This is not a phone number. Please check the digits.")
        tablet.click("name")
        tablet.type("Synthetic Bo")
        tablet.scan("9990000000017")
        tablet.wait_for("This code is not known here: 9990000000017")
        tablet.wait_for("Nothing here is called so")  # the search opens over the form, and goes again
        tablet.key("Escape")
        tablet.wait_gone("Nothing here is called so")
        assert_kept(tablet, "99999999999", "Synthetic Bo")
        assert "Phone number first" in tablet.texts(), "what still hinders saving"

        tablet.click("rail-Order")
        tablet.wait_for("product-card")
        tablet.click("product-card")
        tablet.wait_count("basket-line", 1)
        tablet.click("product-search")
        tablet.type("wipes")
        tablet.scan("9990000000024")
        tablet.wait_for("9990000000024")
        tablet.key("Escape")
        tablet.wait_gone("Nothing here is called so")
        assert_kept(tablet, "wipes")
        assert tablet.count("basket-line") == 1
        tablet.click("rail-Members")
        tablet.click("quick-sign-up")
        tablet.wait_for("Synthetic Bo")
        assert_kept(tablet, "99999999999", "Synthetic Bo")


def test_an_expired_price_list_still_sells_at_the_promised_price(world: World) -> None:
    expire(world.chain)
    with open_tablet(world.enrolled("prices")) as tablet:
        sign_in(tablet)
        world.link.down()
        tablet.click("rail-Order")
        tablet.wait_for("has run out. Its prices stay promised; HQ settles any difference")
        tablet.click("product-card")
        tablet.wait_count("basket-line", 1)
        total = tablet.text_of("basket-total")
        tablet.click("place-order")
        tablet.wait_for("order-number")
        number = tablet.text_of("order-number").replace("-", "")
        world.link.up()
        orders = "select state, total from shop_order where number = %(n)s"
        until(lambda: bool(world.sql.rows(orders, n=number)), "the order at HQ")
        minor = int("".join(digit for digit in total if digit.isdigit()))
        assert world.sql.rows(orders, n=number) == [("accepted", minor)]


def expire(chain: shop.Chain) -> None:
    from hq.catalogue import services
    from hq.catalogue.models import PriceList

    kept = PriceList.objects.get(id=chain.list_id)
    kept.valid_until = datetime.now(UTC) - timedelta(hours=1)
    services.save_price_list(kept, {})
