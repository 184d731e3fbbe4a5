"""The contract of providers, for the local one and for WeChat Pay; and the published numbers of the latter."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from guide_app.domain.clock import SystemClock
from hq.payments.calling import Caller
from hq.payments.local import server
from hq.payments.local.messages import NOTICE_PATH
from hq.payments.local.provider import LocalPay
from hq.payments.local.server import told_of
from hq.payments.local.signing import headers as signed
from hq.payments.local.trades import Notice, Trades
from hq.payments.port import NotGenuine, PaymentProvider
from hq.payments.wechat import signing
from hq.payments.wechat.provider import Settings, WeChatPay
from hq.payments.wechat.signing import Merchant
from tests import wechat_pay
from tests.contract.providers import Counter, ProviderContract, Told

SECRET = b"of a test alone"
NOBODY = "http://127.0.0.1:1"


class TestLocal(ProviderContract):
    @pytest.fixture
    def counter(self) -> Iterator[Counter]:
        clock = SystemClock()
        with server.running(SECRET, clock) as desk:
            told: list[Told] = []

            def tell(notice: Notice) -> None:
                body = msgspec.json.encode(told_of(notice, desk.base_url))
                made = signed(SECRET, "POST", NOTICE_PATH, body, clock.now().timestamp())
                told.append(Told({name.lower(): value for name, value in made.items()}, body))

            desk.trades.tell = tell
            provider = LocalPay(Caller(desk.base_url), SECRET, "http://127.0.0.1:1/payments/notify", clock)
            yield Counter(provider, desk.trades, told)

    @pytest.fixture
    def down(self) -> PaymentProvider:
        return LocalPay(Caller(NOBODY), SECRET, "", SystemClock())


@pytest.fixture(scope="module")
def keys() -> wechat_pay.Keys:
    return wechat_pay.Keys()


def wechat(keys: wechat_pay.Keys, url: str) -> WeChatPay:
    merchant = Merchant(wechat_pay.MERCHANT, wechat_pay.SERIAL, keys.merchant)
    public = {wechat_pay.KEY_ID: keys.platform.public_key()}
    settings = Settings(wechat_pay.APP, merchant, public, wechat_pay.API_KEY, "https://hq.example.com/payments/notify")
    return WeChatPay(settings, Caller(url), SystemClock())


class TestWeChat(ProviderContract):
    @pytest.fixture
    def counter(self, keys: wechat_pay.Keys) -> Iterator[Counter]:
        told: list[Told] = []

        def tell(notice: Notice) -> None:
            made, body = wechat_pay.notification(keys.platform, notice)
            told.append(Told({name.lower(): value for name, value in made.items()}, body))

        trades = Trades(tell)
        with wechat_pay.serving(keys, trades) as url:
            yield Counter(wechat(keys, url), trades, told, named=False)

    @pytest.fixture
    def down(self, keys: wechat_pay.Keys) -> PaymentProvider:
        return wechat(keys, NOBODY)

    def test_an_answer_that_somebody_else_signed_is_none(self, keys: wechat_pay.Keys) -> None:
        strange = wechat_pay.Keys()
        strange.merchant = keys.merchant
        with wechat_pay.serving(strange, Trades(lambda _: None)) as url, pytest.raises(Exception, match="signature"):
            wechat(keys, url).query("00000000-0000-4000-8000-000000000000")

    def test_a_notification_for_another_merchant_is_none(self, keys: wechat_pay.Keys) -> None:
        told: list[Told] = []
        trades = Trades(lambda notice: told.append(Told(*wechat_pay.notification(keys.platform, notice))))
        trades.create("t", 1, "CNY", "", 2**40)
        trades.pay("t")
        provider = wechat(keys, NOBODY)
        provider._settings = provider._settings._replace(merchant=Merchant("1", "1", keys.merchant))
        names = {name.lower(): value for name, value in told[0].headers.items()}
        with pytest.raises(NotGenuine, match="merchant"):
            provider.event(names, told[0].body, SystemClock().now())


# ---------------------------------------------------------------- what WeChat Pay published

_MODULUS = int.from_bytes(base64.b64decode(
    "ptpm+qvIDCh/9wjU26SQCK26ogYkBhDrYxnAaw2JbbBsp1oDbHKk+1r381NeBUG2HEFAuU+Fr72u5ot3yKdzoF/FajAzQNKnm569/D3upKoi8mYB"
    "aST15Uig8j8qoUW1U217LL0jEHlSnHV3lcaDTXqDpTRR4Bfz9IqOgJgFZ8/oTfEomSrjrLYef81Eyxr7ZIMQXEKKEK7V4UXKS0+/fDsiG/cXidhz"
    "t8UbTL9vqXqxM2+IDImyO+FAc/tkBG55LmzxPto1Nq0WbnZzRM/wTzrd0I/8NlevxtFbphg4evlHjFNI7+GrqR87ViEwuAJJ9Je5QQjct5YJfFRW"
    "iZ5CMQ=="
))  # fmt: skip
_BODY = (
    '{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"Image形象店-深圳腾大-QQ公仔",'
    '"out_trade_no":"1217752501201407033233368018","notify_url":"https://www.weixin.qq.com/wxpay/pay.php",'
    '"amount":{"total":100,"currency":"CNY"},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}'
)
_SIGNATURE = (
    "jnks4dlrPw3ZX+ozVvSK39oa0t7OMBsg83BHAwd8BRdUFiVaQNTLTvci+wURgP1OQBbKYhFGvt7iqYpDSTQkp7Uq1sltaQKyncCyrA1g88m5bsKE"
    "RQfPyT0ahSwKTYJ1CAn9QiJuSJRq1QsQs07eehbU/k9BCS51jTyc1Jpsi2H77HF9f/BnjXAOP3/sPObg6V5Ee4EzwLox684hhuMuIwHo7D8KFk3L"
    "IHOKDcNI4It1aCXydFWNpNK+SG86VUDe5kwoDpw4Ulqfu9z8OFDGbDs9TCxEv8iqQzbpxOlEVoOe2kalSYM5kApQb3nZcxdUtoE0liJGW3RGUNE0"
    "t4v01A=="
)


def test_the_published_signature_is_of_the_text_that_is_signed_here() -> None:
    """The example of https://pay.weixin.qq.com/doc/v3/merchant/4012365336, signed with the key that is published
    beside it, of which the public half stands above. Such a signature is the only one that its text has."""
    text = signing.message(
        "POST", "/v3/pay/transactions/jsapi", "1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242", _BODY
    )
    public = RSAPublicNumbers(65537, _MODULUS).public_key()
    assert public.verify(base64.b64decode(_SIGNATURE), text, PKCS1v15(), SHA256()) is None  # it raises otherwise


def test_the_header_is_the_published_one_but_for_its_key() -> None:
    key = generate_private_key(65537, 2048)
    merchant = Merchant("1900007291", "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB", key)
    nonce = "593BEC0C930BF1AFEB40B4A08C8FB242"
    made = signing.authorization(merchant, "POST", "/v3/pay/transactions/jsapi", _BODY.encode(), 1554208460, nonce)
    before, _, rest = made.partition('signature="')
    signature, _, after = rest.partition('"')
    assert before == f'WECHATPAY2-SHA256-RSA2048 mchid="1900007291",nonce_str="{nonce}",'
    assert after == ',timestamp="1554208460",serial_no="408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"'
    text = signing.message("POST", "/v3/pay/transactions/jsapi", "1554208460", nonce, _BODY)
    key.public_key().verify(base64.b64decode(signature), text, PKCS1v15(), SHA256())


def test_a_request_without_a_body_ends_with_an_empty_line() -> None:
    """The example of https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_0.shtml."""
    text = signing.message("GET", "/v3/certificates", "1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242", b"")
    assert text == b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n"
