"""Codes as RFC 6238 has them, and what of a typed text is one."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hq.environment import ROLES, read
from hq.rights.table import Role
from hq.two_factor import codes
from hq.two_factor.codes import STEP_S, Secret

RFC = Secret(b"12345678901234567890")
"""The RFC's own secret for SHA-1 (appendix B)."""
secrets = st.binary(min_size=20, max_size=20).map(Secret)
times = st.integers(STEP_S * 10, 1 << 40)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ],
)  # fmt: skip
def test_the_codes_are_those_of_rfc_6238(at: int, code: str) -> None:
    assert RFC.code(at // STEP_S, 8) == code
    assert RFC.code(at // STEP_S) == code[2:], "six digits are the last six"
    assert codes.step_of(RFC, code[2:], at) == at // STEP_S


@given(secrets, times, st.integers(-3, 3))
def test_a_clock_may_be_wrong_by_one_step_and_no_more(secret: Secret, at: int, off: int) -> None:
    found = codes.step_of(secret, secret.code(at // STEP_S + off), at)
    if abs(off) <= 1:
        assert found is not None
        assert secret.code(found) == secret.code(at // STEP_S + off)
    else:  # another step's code may happen to be the same
        assert found is None or secret.code(found) == secret.code(at // STEP_S + off)


@given(secrets, times, st.text(max_size=12))
def test_nothing_else_is_a_code(secret: Secret, at: int, typed: str) -> None:
    near = {secret.code(at // STEP_S + off) for off in (-1, 0, 1)}
    assert (codes.step_of(secret, codes.plain(typed), at) is not None) == (codes.plain(typed) in near)


def test_recovery_codes_are_ten_of_fifty_bits_and_are_told_from_others() -> None:
    made = codes.new_recovery()
    assert len(set(made)) == codes.RECOVERY_CODES == 10
    for one in made:
        assert re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", one)
        assert codes.is_recovery(codes.plain(f" {one.lower()} "))
    assert not codes.is_recovery("123456")


def test_an_app_reads_name_and_secret_from_the_address() -> None:
    parts = urlsplit(RFC.address("lin", "Store Guide HQ"))
    told = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Store%20Guide%20HQ:lin")
    assert told["secret"] == RFC.text.replace(" ", "") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert (told["digits"], told["period"], told["algorithm"]) == ("6", "30", "SHA1")


def test_whose_role_asks_for_a_code_is_a_setting() -> None:
    from guide_app.domain.errors import BadInput

    assert {role.value for role in Role} == ROLES
    assert read({"GUIDE_HQ_SECRET_KEY": "x"}).two_factor == {"O", "V"}
    assert read({"GUIDE_HQ_SECRET_KEY": "x", "GUIDE_HQ_TWO_FACTOR": "ORA"}).two_factor == {"O", "R", "A"}
    assert read({"GUIDE_HQ_SECRET_KEY": "x", "GUIDE_HQ_TWO_FACTOR": "off"}).two_factor == frozenset()
    with pytest.raises(BadInput, match="GUIDE_HQ_TWO_FACTOR"):
        read({"GUIDE_HQ_SECRET_KEY": "x", "GUIDE_HQ_TWO_FACTOR": "X"})
