"""schemathesis against a running HQ, by HQ's own `/v1/openapi.json`: signed requests, both of its form and against it.

`python -m tests.proofs.api_fuzz --examples 400 --seed 7`: so many of each address and of each kind of operation. Every
answer has to be one that the document describes, in status, type and schema, and no server's error. Bodies of
operations are made from their schemas (`x-op-kinds`) and sent in a sync request that is right otherwise, so that they
reach the rules behind the form.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core import NotSet
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.ops import new_id, new_phone
from tests.proofs.house import House, opened
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told
from tests.tablet_client import Tablet

_CHECKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
)  # fmt: skip
_OPS = "/x-op-kinds/"
"""Addresses that exist only here: their bodies are those of operations."""
SERVER_ERRORS, VIOLATIONS, FAILED = "server errors", "schema violations", "operations parked as HQ's own failure"


class Fuzzer:
    """Sends what schemathesis makes, signed by a device that HQ knows."""

    def __init__(self, house: House, seed: int) -> None:
        self._random, self._seed = Random(f"{seed} fuzz"), seed
        shop = house.shop(2)
        self._tablet = Tablet(house.url, shop.guide_id)
        self._tablet.enrol(shop.codes[0]).raise_for_status()
        self._shop, self._code = shop, shop.codes[1]
        self._known: dict[str, Sequence[str]] = {
            "member_id": [new_id() for _ in range(6)], "order_id": [new_id() for _ in range(6)],
            "product_id": shop.products, "staff_id": [shop.guide_id], "phone": [new_phone() for _ in range(8)],
            "price_list": [shop.list_id],
        }  # fmt: skip
        document = self._tablet.http.get("/v1/openapi.json").json()
        self._sync = document["paths"]["/v1/sync"]["post"]
        for kind, versions in document["x-op-kinds"].items():
            for version, schema in versions.items():
                content = {"application/json": {"schema": schema}}
                operation = {**self._sync, "requestBody": {"required": True, "content": content}}
                document["paths"][f"{_OPS}{kind}/{version}"] = {"post": operation}
        load_all_checks()
        self._checks: list[Any] = [CHECKS.get_one(name) for name in _CHECKED]
        self._schema = schemathesis.openapi.from_dict(document)
        self.sent: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.notes: list[str] = []

    def close(self) -> None:
        self._tablet.http.close()

    def run(self, examples: int) -> None:
        """Each address, with bodies of its form and against it."""
        self._until_there_is_a_radar()
        for result in self._schema.get_all_operations():
            if not isinstance(result, Ok):
                raise RuntimeError(f"schemathesis cannot read the document: {result.err()}")
            operation = result.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
                    continue
                self._fuzz(operation.as_strategy(generation_mode=mode), examples)

    def _until_there_is_a_radar(self) -> None:
        """HQ makes it beside its other work. Raises RuntimeError when it does not."""
        for _ in range(18):
            if self._tablet.get("/v1/radar").status_code == httpx.codes.OK:
                return
            time.sleep(2)
        raise RuntimeError("HQ makes no radar")

    def _fuzz(self, cases: Any, examples: int) -> None:
        @seeded(self._seed)
        @settings(
            max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=cases)
        def one(case: schemathesis.Case[Any]) -> None:
            self._send(case)

        one()

    def _send(self, case: schemathesis.Case[Any]) -> None:
        path = case.operation.path
        if path.startswith(_OPS):
            answer = self._in_a_sync(path, self._plausible(case.body) if self._chance(4) else case.body)
        elif path == "/v1/enrol":
            answer = self._enrol(case.body)
        else:
            answer = self._request(case, _encoded(self._guided(path, case.body)))
        became = [one["status"] for one in answer.json()["results"]] if path.startswith(_OPS) else []
        self.sent[f"{path.removeprefix(_OPS)}: {' '.join([str(answer.status_code), *became])}"] += 1
        self._judge(case, answer)

    def _chance(self, of: int) -> bool:
        """False once in `of` times."""
        return self._random.randrange(of) > 0

    def _guided(self, path: str, body: Any) -> Any:
        """Three of four with what only HQ's own tablet can know, so that they come further than the door."""
        if not isinstance(body, dict) or not self._chance(4):
            return body
        if path == "/v1/sync":
            return {**body, "epoch": self._tablet.told.epoch, "after": dict(self._tablet.cursors)}
        scope = self._random.choice([*self._tablet.cursors])
        if path == "/v1/verify":
            part: dict[str, Any] = (
                {"bucket": self._random.randrange(256)} if self._chance(2) else {"sums": ["0" * 16] * 256}
            )
            kept = {name: value for name, value in body.items() if name not in ("bucket", "sums", "from")}
            head = self._head(scope)
            return {**kept, "scope": scope, "at": self._random.choice((head, head, 0)), **part}
        return self._plausible(body)

    def _head(self, scope: str) -> int:
        moved = self._tablet.sync(want=0).scopes.get(scope)
        return moved.head if moved else self._tablet.cursors[scope]

    def _plausible(self, body: Any, name: str = "") -> Any:
        """With ids of things that there are, so that rules behind the look-ups are met too."""
        if isinstance(body, dict):
            if name == "" and "lines" in body and "totals" in body:
                body = {**body, **self._sale()}
            return {key: self._plausible(value, key) for key, value in body.items()}
        if isinstance(body, list):
            return [self._plausible(value, name) for value in body if name != "consents"]
        return self._random.choice(self._known[name]) if name in self._known else body

    def _sale(self) -> dict[str, Any]:
        """Lines that add up."""
        sold = [(self._random.randrange(3), self._random.randint(1, 5)) for _ in range(self._random.randint(1, 4))]
        prices = self._shop.prices
        lines = [
            {
                "line_id": new_id(), "product_id": self._shop.products[which], "qty": qty, "unit_price": prices[which],
                "amount": qty * prices[which],
            }
            for which, qty in sold
        ]  # fmt: skip
        total = sum(qty * prices[which] for which, qty in sold)
        return {"lines": lines, "totals": {"lines": total, "discounts": 0, "total": total}}

    def _request(self, case: schemathesis.Case[Any], body: bytes) -> httpx.Response:
        method, target = case.method, case.operation.path
        if method == "POST":
            return self._tablet.post(target, body)
        if case.query:
            target = f"{target}?{urlencode(case.query)}"
        told = {name: str(value) for name, value in (case.headers or {}).items()}
        headers = httpx.Headers({**told, **self._tablet.signed(method, target)}, encoding="utf-8")
        with self._tablet.http.stream(method, target, headers=headers) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):  # has no end
                head = httpx.Response(answer.status_code, headers=answer.headers, request=answer.request)
                head.elapsed = timedelta()
                return head
            answer.read()
        return answer

    def _enrol(self, body: Any) -> httpx.Response:
        """Signed by the tablet's key, mostly with that key and a code that is good in the body."""
        if isinstance(body, dict) and self._chance(4):
            body = {**body, "device_public_key": self._tablet.key.public_text}
            body |= {"code": self._code} if self._chance(4) else {}
        return self._tablet.post("/v1/enrol", _encoded(body), keyid=self._tablet.key.public_text)

    def _in_a_sync(self, path: str, body: Any) -> httpx.Response:
        """The operation as the first of a new database file."""
        _, _, kind, version = path.split("/")
        text = _encoded(body).decode(errors="replace")
        op = {
            "op_id": new_id(), "kind": kind, "schema_v": int(version), "store_id": self._shop.store_id,
            "guide_id": self._shop.guide_id, "made_at": "2026-11-20T10:00:00.000Z",
        }  # fmt: skip
        hashed = "".join(f"{value}\n" for value in op.values()) + text
        op |= {"seq": 1, "body": text, "sha": hashlib.sha256(hashed.encode()).hexdigest()}
        request = {
            "incarnation": new_id(), "epoch": self._tablet.told.epoch, "next_seq": 2, "ops": [op],
            "after": dict(self._tablet.cursors), "want": 20_000,
        }  # fmt: skip
        return self._tablet.post("/v1/sync", json.dumps(request).encode())

    def _judge(self, case: schemathesis.Case[Any], answer: httpx.Response) -> None:
        try:
            case.validate_response(answer, checks=self._checks)
        except schemathesis.errors.SchemathesisError:
            raise
        except Exception as failure:  # a group of failures, of a class that schemathesis keeps to itself
            self._note(
                SERVER_ERRORS if answer.status_code >= 500 else VIOLATIONS, f"{case.operation.path}: {_words(failure)}"
            )
        if b'"failed"' in answer.content and _has_failed(answer):
            self._note(FAILED, repr(case.body)[:300])

    def _note(self, kind: str, what: str) -> None:
        self.wrong[kind] += 1
        self.notes.append(f"{kind}: {what[:900]}")


def _words(failure: BaseException) -> str:
    """The failures of one answer, each with its words."""
    single = getattr(failure, "exceptions", None) or [failure]
    return " | ".join(f"{type(one).__name__}: {one}" for one in single)


def _has_failed(answer: httpx.Response) -> bool:
    return answer.status_code == 200 and any(one.get("code") == "failed" for one in answer.json().get("results", []))


def _encoded(body: Any) -> bytes:
    """As it is sent: what goes against the form may be no JSON at all, or nothing."""
    if isinstance(body, bytes):
        return body
    return b"" if isinstance(body, NotSet) else json.dumps(body).encode()


@contextmanager
def _fuzzer(house: House, seed: int) -> Iterator[Fuzzer]:
    made = Fuzzer(house, seed)
    try:
        yield made
    finally:
        made.close()


def run(examples: int, seed: int, say: Callable[[str], None] = lambda _: None) -> Summary:
    """So many requests of each address and each kind of operation, once of the schema's form and once against it."""
    began = time.monotonic()
    with opened() as house, _fuzzer(house, seed) as fuzzer:
        fuzzer.run(examples)
        errors = house.errors()
    for note in fuzzer.notes:
        say(note)
    wrong = dict.fromkeys((SERVER_ERRORS, VIOLATIONS, FAILED), 0) | dict(fuzzer.wrong)
    wrong["HQ's own errors"] = len(errors)
    figures = {"requests": fuzzer.sent.total(), **dict(sorted(fuzzer.sent.items()))}
    return told("schemathesis", figures, wrong, time.monotonic() - began, notes=[*fuzzer.notes[:8], *errors[:3]])


def main(arguments: list[str] | None = None) -> int:
    """0 without a server's error and with every answer as the document describes it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    given_arguments = parser.parse_args(arguments)
    return finish(run(given_arguments.examples, given_arguments.seed))


if __name__ == "__main__":
    sys.exit(main())
