"""HQ as a process of its own for `kills`: a small shop on a real PostgreSQL, served until its input ends.

`python -m tests.e2e.kills_hq DATA_FOLDER [--no-idempotence]` prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

STOCK = 1_000_000


def forgetful() -> Any:
    """The control: a ledger that does not know operations again, and takes a known one under another id."""
    import msgspec

    from hq.ledger.port import Entry, Known, Stream
    from hq.ledger.postgres import PostgresLedger

    class Forgetful(PostgresLedger):
        def known(self, op_ids: Collection[str]) -> Mapping[str, Known]:
            return {}

        def record(self, stream: Stream, entries: Sequence[Entry], seen: Mapping[int, str], last_seq: int) -> None:
            there = super().known([entry.op_id for entry in entries])
            renamed = [
                msgspec.structs.replace(entry, op_id=str(uuid4())) if entry.op_id in there else entry
                for entry in entries
            ]
            super().record(stream, renamed, seen, last_seq)

    return patch("hq.sync_api.routes.PostgresLedger", Forgetful)


def main(data: Path, *, idempotent: bool) -> None:
    from hq.database.opening import migrate, opened
    from tests import shop
    from tests.hq_server import serving

    with opened(data):
        migrate()
        chain = shop.make_chain()
        made = shop.make_shop(chain, stock=STOCK)
        if not idempotent:
            forgetful().start()
        with serving() as url:
            told = {
                "url": url, "database": os.environ["DATABASE_URL"], "code": shop.new_code(made), "stock": STOCK,
                "shop": asdict(made), "products": chain.product_ids, "list": chain.list_id, "prices": shop.PRICES,
            }  # fmt: skip
            print(json.dumps(told), flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), idempotent="--no-idempotence" not in sys.argv[2:])
