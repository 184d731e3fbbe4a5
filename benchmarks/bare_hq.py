"""The bare counterpart of HQ for baselines: one query or one transaction for each request, and nothing else.

GET /rows?store=…&scope=…&after=N    the rows of that feed behind the position, by one query, as one zstd body
POST /ops                            {"ops": [[id, body]], "rows": [[entity, id, data]]} as one zstd body, written in
                                     one transaction; the answer acknowledges each operation and brings the rows

PostgreSQL keeps its fsync and synchronous_commit = on.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import psycopg
import zstandard

_ROWS = "SELECT seq, entity, entity_id::text, ver, data FROM feed WHERE store_id = %s AND scope = %s AND seq > %s"
_OPS = (
    "INSERT INTO bare_op SELECT * FROM unnest(%s::uuid[], %s::text[])",
    "INSERT INTO bare_row SELECT * FROM unnest(%s::text[], %s::uuid[], %s::text[])"
    " ON CONFLICT (entity, id) DO UPDATE SET data = excluded.data",
)
_TABLES = (
    "CREATE TABLE IF NOT EXISTS bare_op (id uuid PRIMARY KEY, body text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS bare_row (entity text, id uuid, data text NOT NULL, PRIMARY KEY (entity, id))",
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    database: psycopg.Connection[tuple[Any, ...]]

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        found = self.database.execute(_ROWS, (asked["store"], asked["scope"], int(asked["after"])), prepare=True)
        rows = (
            f'{{"s":"{asked["scope"]}","q":{seq},"e":"{entity}","id":"{row_id}","v":{ver},"o":"put","d":{data}}}'
            for seq, entity, row_id, ver, data in found
        )
        self._say(("[" + ",".join(rows) + "]").encode())

    def do_POST(self) -> None:
        packed = self.rfile.read(int(self.headers["content-length"]))
        asked = msgspec.json.decode(zstandard.ZstdDecompressor().decompress(packed))
        with self.database.transaction():
            self.database.execute(_OPS[0], [list(column) for column in zip(*asked["ops"], strict=True)])
            self.database.execute(_OPS[1], [list(column) for column in zip(*asked["rows"], strict=True)])
        self._say(msgspec.json.encode({"results": [op[0] for op in asked["ops"]], "rows": asked["rows"]}))

    def _say(self, plain: bytes) -> None:
        body = zstandard.ZstdCompressor(level=3).compress(plain)
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, *_said: object) -> None:
        """Nothing."""


@contextmanager
def serving(database_url: str) -> Iterator[HTTPConnection]:
    """A kept connection to the bare server, which runs in a process of its own."""
    command = [sys.executable, "-u", "-c", f"from benchmarks import bare_hq; bare_hq.serve({database_url!r})"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            if running.stdout is None:
                raise RuntimeError("no server")
            line = HTTPConnection("127.0.0.1", int(running.stdout.readline()))
            yield line
            line.close()
        finally:
            running.terminate()


def said(line: HTTPConnection, method: str, target: str, plain: bytes = b"") -> bytes:
    """One request and its answer, packed by zstd both ways."""
    line.request(method, target, body=zstandard.ZstdCompressor(level=3).compress(plain) if plain else None)
    return zstandard.ZstdDecompressor().decompress(line.getresponse().read())


def serve(database_url: str) -> None:
    """Prints its port and serves until it is ended."""
    _Handler.database = psycopg.connect(database_url, autocommit=True)
    for statement in _TABLES:
        _Handler.database.execute(statement)
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
