import base64
from collections.abc import Callable

import pytest

from sync.protocol import signature
from sync.protocol.errors import SignatureRefused
from sync.protocol.signature import SigningKey, signature_base
from sync.protocol.structured import FieldInvalid, InnerList, Item, Token, parse_dictionary, serialise_dictionary

KEY = SigningKey(bytes(range(32)))
NOW = 1_800_000_000
BODY = b'{"a":1}'
BASIC = {"Guide-Protocol": "1", "Guide-App": "1.0.0"}


def signed(method: str = "POST", target: str = "/v1/sync", body: bytes = BODY, created: int = NOW) -> dict[str, str]:
    made = signature.sign(method, target, BASIC, body, key=KEY, keyid="d1", created=created, nonce="n1")
    return {name.lower(): value for name, value in {**BASIC, **made}.items()}


def key_of(keyid: str) -> bytes | None:
    return KEY.public if keyid == "d1" else None


def code(
    headers: dict[str, str],
    body: bytes = BODY,
    method: str = "POST",
    target: str = "/v1/sync",
    find: Callable[[str], bytes | None] = key_of,
) -> str:
    try:
        signature.verify(method, target, headers, body, key_of=find, now=NOW)
    except SignatureRefused as refused:
        return refused.code
    return "ok"


def resigned(
    components: tuple[Item, ...], params: dict[str, int | str], label: str = "sig1", **extra: str
) -> dict[str, str]:
    headers = {**signed(), **extra}
    parameters = InnerList(components, params)
    made = KEY.sign(signature_base("POST", "/v1/sync", headers, parameters))
    headers["signature-input"] = serialise_dictionary({label: parameters})
    headers["signature"] = serialise_dictionary({label: Item(made)})
    return headers


COMPONENTS = tuple(Item(name) for name in signature.COVERED)
PARAMS: dict[str, int | str] = {"created": NOW, "nonce": "n1", "keyid": "d1"}


def test_rfc_9421_b_2_6() -> None:
    def secret(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=")

    key = SigningKey(secret("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"))
    assert key.public_text == "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"
    given = (
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    parameters = parse_dictionary(given)["sig-b26"]
    assert isinstance(parameters, InnerList)
    headers = {
        "Host": "example.com",
        "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "Content-Type": "application/json",
        "Content-Length": "18",
    }
    made = key.sign(signature_base("POST", "/foo?param=Value&Pet=dog", headers, parameters))
    expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(made).decode() == expected
    assert serialise_dictionary({"sig-b26": parameters}) == given


def test_rfc_9530_digests() -> None:
    assert signature.content_digest(b'{"hello": "world"}') == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
    assert signature.content_digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_what_is_signed_verifies() -> None:
    claim = signature.verify("POST", "/v1/sync", signed(), BODY, key_of=key_of, now=NOW + 300)
    assert (claim.keyid, claim.created, claim.nonce) == ("d1", NOW, "n1")
    assert code(signed("GET", "/v1/events?a=b", b""), b"", "GET", "/v1/events?a=b") == "ok"
    assert "content-digest" not in signed("GET", "/v1/events", b"")


def test_any_label_and_order_and_further_components() -> None:
    backwards = dict(reversed(PARAMS.items()))
    assert code(resigned(COMPONENTS[::-1], backwards, "tablet")) == "ok"
    assert (
        code(resigned((*COMPONENTS, Item("x-more"), Item("@authority")), PARAMS, **{"x-more": "  a, b ", "host": "HQ"}))
        == "ok"
    )


def test_a_proxys_signature_beside_ours_is_passed_over() -> None:
    headers = signed()
    headers["signature-input"] = 'proxy=("@method");created=1;keyid="p", ' + headers["signature-input"]
    headers["signature"] = "proxy=:AAAA:, " + headers["signature"]
    assert code(headers) == "ok"


def test_whatever_is_changed_under_way_is_found() -> None:
    headers = signed()
    assert code(headers, method="PUT") == "signature"
    assert code(headers, target="/v1/verify") == "signature"
    assert code(headers, target="/v1/sync?x=1") == "signature"
    assert code({**headers, "guide-app": "9.9.9"}) == "signature"
    assert code(headers, body=b'{"a":2}') == "digest"
    assert code({**headers, "content-digest": signature.content_digest(b'{"a":2}')}, body=b'{"a":2}') == "signature"
    assert code({**headers, "signature": "sig1=:AAAA:"}) == "signature"
    assert code(headers, find=lambda _: SigningKey(bytes(32)).public) == "signature"
    assert code(headers, find=lambda _: None) == "key_unknown"


@pytest.mark.parametrize(
    ("created", "expected"),
    [(NOW - 301, "clock"), (NOW + 301, "clock"), (NOW - 300, "ok"), (NOW + 300, "ok"), (-(10**14), "clock")],
)
def test_clock(created: int, expected: str) -> None:
    assert code(signed(created=created)) == expected


def test_unsigned() -> None:
    headers = signed()
    for broken in (
        {"signature": ""},
        {"signature-input": ""},
        {"signature": "sig2=:AAAA:"},
        {"signature": "sig1=("},
        {"signature-input": "a" * 9000},
    ):
        assert code({**headers, **broken}) == "unsigned"
    assert code({}) == "unsigned"


@pytest.mark.parametrize("left_out", signature.COVERED)
def test_each_component_must_be_covered(left_out: str) -> None:
    assert code(resigned(tuple(c for c in COMPONENTS if c.value != left_out), PARAMS)) == "coverage"


@pytest.mark.parametrize(
    "params",
    [
        {"created": NOW, "keyid": "d1"},
        {"nonce": "n", "keyid": "d1"},
        {"created": NOW, "nonce": "n"},
        {**PARAMS, "created": "1"},
        {**PARAMS, "nonce": ""},
        {**PARAMS, "keyid": Token("d1")},
        {**PARAMS, "alg": "ed25519"},
    ],
)
def test_parameters_are_required_as_they_should_be(params: dict[str, int | str]) -> None:
    assert code(resigned(COMPONENTS, params)) == "coverage"


def test_components_that_cannot_be_covered() -> None:
    for extra in (
        Item("absent"),
        Item("@status"),
        Item("guide-app"),
        Item("guide-app", {"bs": True}),
        Item(Token("guide-app")),
        Item(1),
    ):
        with pytest.raises(FieldInvalid):
            signature_base("POST", "/", {**signed()}, InnerList((*COMPONENTS, extra), {}))
    with pytest.raises(FieldInvalid):
        signature_base("GET", "/", {"x": 'a\n"@method": POST'}, InnerList((Item("x"),), {}))
    with pytest.raises(FieldInvalid):
        signature_base("GET", "/", {"x": "茶"}, InnerList((Item("x"),), {}))


@pytest.mark.parametrize("digest", ["", "sha-256", "sha-256=1", "sha-512=:AAAA:", "sha-256=(:AAAA:)", "=="])
def test_a_digest_must_be_sha_256_bytes(digest: str) -> None:
    assert code(resigned(COMPONENTS, PARAMS, **{"content-digest": digest})) == "digest"


def test_a_digest_beside_others_is_found() -> None:
    both = f"sha-512=:AAAA:, {signature.content_digest(BODY)}"
    assert code(resigned(COMPONENTS, PARAMS, **{"content-digest": both})) == "ok"


def test_raw_headers_are_combined() -> None:
    pairs = [(b"A", b" 1 "), (b"b", b"x"), (b"a", b"2")]
    assert signature.combine(pairs) == {"a": "1, 2", "b": "x"}


def test_keys_as_text() -> None:
    assert signature.key_from_text(KEY.public_text) == KEY.public
    for wrong in (
        "",
        "AAAA",
        KEY.public_text + "=",
        KEY.public_text[:-1] + "h",
        KEY.public.hex(),
        base64.b64encode(KEY.public).decode(),
        "'; drop table",
        "茶",
    ):
        with pytest.raises(SignatureRefused, match="key_unknown"):
            signature.key_from_text(wrong)
