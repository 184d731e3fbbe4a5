"""What HQ says to PostgreSQL while it answers requests, as a script that `pgbench` or `psql` can run again."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import psycopg


class _Script:
    """Statements with their values written in, transactions as they were."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._open = False

    def ran(self, connection: psycopg.Connection[Any], query: Any, values: Any) -> None:
        """A statement is about to run; outside autocommit the driver begins a transaction before the first one."""
        text = psycopg.ClientCursor(connection).mogrify(query, values) if values else str(_text(query))
        if not connection.autocommit and not self._open:
            self._lines.append("BEGIN;")
            self._open = True
        self._lines.append(" ".join(text.split("\n")) + ";")

    def ended(self, word: str) -> None:
        """The driver's own commit or rollback."""
        if self._open:
            self._lines.append(f"{word};")
            self._open = False

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"


def recorded(requests: list[bytes]) -> str:
    """The statements of these requests, answered one after another in this process, where Django is set up."""
    from guide_app.domain.clock import SystemClock
    from hq.observe.metrics import Metrics
    from hq.sync_api.routes import Request, Routes
    from hq.sync_api.service import Settings

    routes, script = Routes(SystemClock(), Settings(), Metrics()), _Script()
    execute, commit, rollback = psycopg.Cursor.execute, psycopg.Connection.commit, psycopg.Connection.rollback

    def executed(cursor: Any, query: Any, values: Any = None, **named: Any) -> Any:
        script.ran(cursor.connection, query, values)
        return execute(cursor, query, values, **named)

    def committed(connection: Any) -> None:
        script.ended("COMMIT")
        commit(connection)

    def rolled_back(connection: Any) -> None:
        script.ended("ROLLBACK")
        rollback(connection)

    with (
        patch.object(psycopg.Cursor, "execute", executed),
        patch.object(psycopg.Connection, "commit", committed),
        patch.object(psycopg.Connection, "rollback", rolled_back),
    ):
        for request in requests:
            head, _, body = request.partition(b"\r\n\r\n")
            lines = (line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:])
            headers = {name.lower(): value for name, _, value in lines}
            routes.answer(Request("POST", "/v1/sync", "", headers, body, "127.0.0.1"))
    return str(script)


def _text(query: Any) -> str:
    return query.decode() if isinstance(query, bytes) else str(query)
