"""Signed requests, altered in every way that comes to mind, against a running HQ: each is refused, and changes nothing.

`python -m tests.proofs.forgery --examples 3000 --seed 7`. Every example makes a valid request with an operation in it,
alters it, and looks at the answer's code and at HQ's tables. Then the unaltered request is sent, which must be taken
(so it was the alteration that was refused), and sent again, which must change nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from random import Random

import httpx
import psycopg

from tests.ops import Maker
from tests.proofs.alterations import ALTERATIONS, Letter, letter_of
from tests.proofs.house import House, opened
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told
from tests.tablet_client import Tablet

_STATE = (
    "SELECT (SELECT count(*) FROM op_log), (SELECT count(*) FROM op_seen), (SELECT count(*) FROM op_conflict),"
    " (SELECT count(*) FROM op_directory), (SELECT count(*) FROM device_stream), (SELECT count(*) FROM feed),"
    " (SELECT sum(head) FROM scope_head), (SELECT sum(digest) FROM scope_head),"
    " (SELECT string_agg(id::text || public_key || coalesce(revoked_at::text, ''), ',' ORDER BY id) FROM device),"
    " (SELECT count(*) FROM enrol_code WHERE device_id IS NOT NULL), (SELECT count(*) FROM radar)"
)


class Forger:
    """Two tablets of one shop, and the tables that may not change."""

    def __init__(self, house: House, seed: int) -> None:
        shop = house.shop(2)
        self.one, self.other = Tablet(house.url, shop.guide_id), Tablet(house.url, shop.guide_id)
        for tablet, code in zip((self.one, self.other), shop.codes, strict=True):
            tablet.enrol(code).raise_for_status()
        self.code = shop.codes[0]
        self._random, self._seed = Random(f"{seed} forgery"), seed
        self._database = psycopg.connect(house.cluster.url(), autocommit=True)
        self._http = httpx.Client(base_url=house.url, timeout=30, trust_env=False)
        self.played: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.notes: list[str] = []

    def close(self) -> None:
        self._database.close()
        for client in (self._http, self.one.http, self.other.http):
            client.close()

    def state(self) -> object:
        return self._database.execute(_STATE).fetchone()

    def example(self, number: int) -> None:
        """One alteration, the same request unaltered, and that once more."""
        name = list(ALTERATIONS)[number % len(ALTERATIONS)]
        alteration = ALTERATIONS[name]
        valid = letter_of(self.one, _an_operation(self.one.maker, self._random), self._random)
        before = self.state()
        altered = alteration.change(valid, self._random, self.other)
        answer = self._send(altered)
        self.played[name] += 1
        told_code = _code(answer)
        if (answer.status_code, told_code) not in alteration.refused:
            self._note("not refused as the contract says", f"{name}: {answer.status_code} {told_code}", number)
        if self.state() != before:
            self._note("had an effect", name, number)
        self._take(valid, number)

    def _take(self, valid: Letter, number: int) -> None:
        answer = self._send(valid)
        results = answer.json().get("results", []) if answer.status_code == 200 else []
        if [one["status"] for one in results] != ["applied"]:
            self._note("valid request not taken", f"{answer.status_code} {answer.text[:200]}", number)
        after = self.state()
        again = self._send(valid)
        if again.status_code != 200 or not again.json()["results"][0]["dup"] or self.state() != after:
            self._note("replay had an effect", f"{again.status_code}", number)

    def enrolments(self) -> None:
        """Enrolling again with a used code, and with a request that was heard on the line."""
        before = self.state()
        thief = Tablet(str(self._http.base_url), self.one.guide_id)
        heard = thief.enrol(self.code)
        self._expect("a used code with another key", heard, before, (403, "enrol_code"))
        nonce = "heard-on-the-line"
        first = self.one.enrol(self.code, nonce=nonce)
        if first.status_code != 200:
            self._note("valid request not taken", f"enrolment: {first.status_code}", 0)
        before = self.state()
        self._expect("an enrolment played again", self.one.enrol(self.code, nonce=nonce), before, (401, "nonce"))
        thief.http.close()

    def radars(self) -> None:
        """Asking for a store's radar, its key with it, by what was signed for something else or by somebody else."""
        before = self.state()
        me = self.one.told.device_id
        lies = {
            "a radar by the signature of another part": self.one.signed("GET", "/v1/radar?from=1500"),
            "a radar by the signature of another address": self.one.signed("GET", "/v1/events"),
            "a radar by another tablet's signature": self.other.signed("GET", "/v1/radar", keyid=me),
        }
        for name, headers in lies.items():
            self._expect(name, self._http.get("/v1/radar", headers=headers), before, (401, "signature"))
        self._expect("a radar without a signature", self._http.get("/v1/radar"), before, (401, "unsigned"))
        if (valid := self.one.get("/v1/radar")).status_code != 503 or _code(valid) != "making":
            self._note("valid request not taken", f"radar: {valid.status_code} {_code(valid)}", 0)

    def _expect(self, name: str, answer: httpx.Response, before: object, refused: tuple[int, str]) -> None:
        self.played[name] += 1
        if (answer.status_code, _code(answer)) != refused:
            self._note("not refused as the contract says", f"{name}: {answer.status_code} {_code(answer)}", 0)
        if self.state() != before:
            self._note("had an effect", name, 0)

    def _send(self, letter: Letter) -> httpx.Response:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in letter.headers]
        return self._http.request(letter.method, letter.target, headers=headers, content=letter.body)

    def _note(self, kind: str, what: str, number: int) -> None:
        self.wrong[kind] += 1
        self.notes.append(f"{kind}: {what} (example {number} of seed {self._seed})")


def _an_operation(maker: Maker, random: Random) -> object:
    return maker.sign_up(
        name="".join(random.choice("陈王李静芳伟 aé") for _ in range(random.randint(1, 12))).strip() or "陈"
    )


def _code(answer: httpx.Response) -> str:
    with contextlib.suppress(ValueError):
        return str(answer.json().get("code", ""))
    return ""


@contextlib.contextmanager
def _forger(house: House, seed: int) -> Iterator[Forger]:
    forger = Forger(house, seed)
    try:
        yield forger
    finally:
        forger.close()


def run(examples: int, seed: int) -> Summary:
    """So many altered requests, each kind in turn."""
    began = time.monotonic()
    with opened() as house, _forger(house, seed) as forger:
        forger.enrolments()
        forger.radars()
        for number in range(examples):
            forger.example(number)
        errors = house.errors()
    kinds = ("not refused as the contract says", "had an effect", "valid request not taken", "replay had an effect")
    wrong = dict.fromkeys(kinds, 0) | dict(forger.wrong) | {"HQ's own errors": len(errors)}
    figures = {"altered requests": forger.played.total(), **dict(sorted(forger.played.items()))}
    notes = [*forger.notes[:10], *errors[:3]]
    return told("forged requests", figures, wrong, time.monotonic() - began, notes=notes)


def main(arguments: list[str] | None = None) -> int:
    """0 when every altered request was refused as the contract says and none had an effect."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    return finish(run(given.examples, given.seed))


if __name__ == "__main__":
    sys.exit(main())
