"""The control of the proofs: `guide-hq` that does not know operations again. A repetition has its effect a second time.

`python -m tests.proofs.forgetful_hq serve …`: everything else is HQ's. It takes each request's operations for the next
ones of their stream, and a known one under a new id.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from unittest.mock import patch
from uuid import uuid4

_first = threading.local()


def _forget() -> None:
    """Needs Django's tables of models."""
    import msgspec

    from hq.ledger.port import Entry, Known, Stream
    from hq.ledger.postgres import PostgresLedger
    from hq.sync_api.push import Push, Taken
    from hq.sync_api.running import Op

    class ForgetfulLedger(PostgresLedger):
        def lock_stream(self, stream: Stream) -> int:
            super().lock_stream(stream)
            return int(_first.seq) - 1

        def seen(self, stream: Stream, seqs: Collection[int]) -> Mapping[int, str]:
            return {}

        def known(self, op_ids: Collection[str]) -> Mapping[str, Known]:
            return {}

        def record(self, stream: Stream, entries: Sequence[Entry], seen: Mapping[int, str], last_seq: int) -> None:
            there = super().known([entry.op_id for entry in entries])
            new = [msgspec.structs.replace(one, op_id=str(uuid4())) if one.op_id in there else one for one in entries]
            fresh = {
                seq: op_id for seq, op_id in seen.items() if seq not in super(ForgetfulLedger, self).seen(stream, seen)
            }
            super().record(stream, new, fresh, last_seq)

    class ForgetfulPush(Push):
        def take(self, ops: Sequence[Op], next_seq: int) -> Taken:
            _first.seq = min(op.seq for op in ops)
            return super().take(ops, next_seq)

    patch("hq.sync_api.routes.PostgresLedger", ForgetfulLedger).start()
    patch("hq.sync_api.service.Push", ForgetfulPush).start()


def main() -> int:
    """`guide-hq`, spoiled at the moment at which it loads what needs the database."""
    from hq import cli

    load = importlib.import_module

    def spoiled(name: str, package: str | None = None) -> Any:
        module = load(name, package)
        if name == "hq.commands":
            _forget()
        return module

    with patch("hq.cli.importlib.import_module", spoiled):
        return cli.main([*sys.argv[1:], "--processes", "1"])  # what is spoiled is this process


if __name__ == "__main__":
    sys.exit(main())
