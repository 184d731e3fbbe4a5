"""A tablet reduced to what it says to HQ: signs, sends, reads. For tests of HQ over HTTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

import httpx
import msgspec

from sync.protocol import codec
from sync.protocol.messages import EnrolRequest, EnrolResponse, SyncRequest, SyncResponse, WireOp
from sync.protocol.signature import SigningKey, sign
from tests.ops import Maker, new_id

VERSIONS = {"guide-protocol": "1", "guide-app": "0.1.0"}


class Tablet:
    """One device with one database file. `maker` makes operations of `guide_id`."""

    def __init__(self, url: str, guide_id: str, key: SigningKey | None = None) -> None:
        self.http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.key = key or SigningKey(secrets.token_bytes(32))
        self.guide_id = guide_id
        self.incarnation = new_id()
        self.cursors: dict[str, int] = {}

    def close(self) -> None:
        """Ends its connections."""
        self.http.close()

    def enrol(self, code: str, name: str = "Counter", **over: Any) -> httpx.Response:
        """Shows the code; on success knows itself from then on."""
        asked = EnrolRequest(code=code, device_public_key=self.key.public_text, device_name=name, platform="linux")
        response = self.post("/v1/enrol", codec.encode(asked), keyid=self.key.public_text, **over)
        if response.status_code == 200:
            self.told = codec.decode(response.content, EnrolResponse)
            self.cursors = {grant.scope: 0 for grant in self.told.grants}
            self.maker = Maker(self.told.store_id, self.guide_id)
        return response

    def post(
        self,
        path: str,
        body: bytes,
        *,
        keyid: str = "",
        nonce: str = "",
        headers: dict[str, str] | None = None,
        created: int | None = None,
    ) -> httpx.Response:
        """One signed request; `headers` come on top of what is signed."""
        sent = {**VERSIONS, **(headers or {})}
        signed = sign(
            "POST",
            path,
            sent,
            body,
            key=self.key,
            keyid=keyid or self.told.device_id,
            created=int(time.time()) if created is None else created,
            nonce=nonce or secrets.token_hex(8),
        )
        return self.http.post(path, content=body, headers={"content-type": "application/json", **sent, **signed})

    def get(self, target: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """One signed request without a body; `headers` come on top of what is signed."""
        return self.http.get(target, headers={**self.signed("GET", target), **(headers or {})})

    def signed(self, method: str, target: str, *, keyid: str = "") -> dict[str, str]:
        """The headers of a signed request without a body."""
        now, who = int(time.time()), keyid or self.told.device_id
        made = sign(method, target, VERSIONS, b"", key=self.key, keyid=who, created=now, nonce=secrets.token_hex(8))
        return {**VERSIONS, **made}

    def ask(self, ops: Sequence[WireOp] = (), *, headers: dict[str, str] | None = None, **over: Any) -> httpx.Response:
        """One round of sync, as it comes."""
        fields: dict[str, Any] = {
            "incarnation": self.incarnation,
            "epoch": self.told.epoch,
            "next_seq": self.maker.next_seq,
            "ops": [msgspec.Raw(codec.encode(op)) for op in ops],
            "after": dict(self.cursors),
            "want": 1_000_000,
            **over,
        }
        return self.post("/v1/sync", codec.encode(SyncRequest(**fields)), headers=headers)

    def sync(self, *ops: WireOp, **over: Any) -> SyncResponse:
        """One round of sync that HQ answers; positions move on."""
        response = self.ask(ops, **over)
        assert response.status_code == 200, response.text
        answer = codec.decode(response.content, SyncResponse)
        for scope, state in answer.scopes.items():
            mine = [row.q for row in answer.rows if row.s == scope]
            self.cursors[scope] = state.head if not state.more else max(mine, default=self.cursors[scope])
        return answer
