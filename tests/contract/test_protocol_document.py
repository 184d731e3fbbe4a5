"""`docs/sync-protocol.md` against the code: every operation, code, status, table and message field is in it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from guide_app.domain.radar import Terms
from guide_app.domain.records import ENTITIES
from guide_app.operations import OPERATIONS
from hq.handlers.words import WORDS
from hq.sync_api import problems
from sync.protocol.messages import (
    Batch,
    EnrolRequest,
    EnrolResponse,
    ErrorBody,
    Grant,
    Health,
    Lacking,
    LeaseRequest,
    LeaseResponse,
    Library,
    LookupRequest,
    LookupResponse,
    PayRequest,
    PayResponse,
    RadarResponse,
    Result,
    Row,
    ScopeState,
    SyncRequest,
    SyncResponse,
    VerifyRequest,
    VerifyResponse,
    WireOp,
)

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "sync-protocol.md").read_text(encoding="utf-8")
MESSAGES = (
    Batch,
    EnrolRequest,
    EnrolResponse,
    ErrorBody,
    Grant,
    Health,
    Lacking,
    LeaseRequest,
    LeaseResponse,
    Library,
    LookupRequest,
    LookupResponse,
    PayRequest,
    PayResponse,
    RadarResponse,
    Terms,
    Result,
    Row,
    ScopeState,
    SyncRequest,
    SyncResponse,
    VerifyRequest,
    VerifyResponse,
    WireOp,
)


def row_of(kind: str) -> str:
    found = re.search(rf"^\| `{re.escape(kind)}` \|.*$", DOCUMENT, re.M)
    assert found, f"no row for {kind}"
    return found[0]


@pytest.mark.parametrize("kind", OPERATIONS)
def test_an_operation_has_its_row_with_every_field_of_its_body(kind: str) -> None:
    cells = row_of(kind).split("|")
    fields = {field.encode_name for field in msgspec.structs.fields(OPERATIONS[kind].body)}
    optional = {f.encode_name for f in msgspec.structs.fields(OPERATIONS[kind].body) if not f.required}
    assert {name for name in fields if not re.search(rf"\b{name}\b", cells[2])} == set()
    assert {name for name in optional if not re.search(rf"\b{name}\?", cells[2])} == set()


@pytest.mark.parametrize("code", WORDS)
def test_an_outcome_s_code_is_listed(code: str) -> None:
    assert f"`{code}`" in DOCUMENT[DOCUMENT.index("| outcome | codes |") :]


@pytest.mark.parametrize("code", sorted(set(problems.WORDS) - {"failed"}))
def test_a_refusal_s_code_is_listed(code: str) -> None:
    assert re.search(rf"^\| \d.*\b{code}\b.*\|$", DOCUMENT, re.M), code


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_described_with_every_field(message: type[msgspec.Struct]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(message)]
    assert not [name for name in names if not re.search(rf"\b{name}\b", DOCUMENT)]


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_entity_is_named(entity: str) -> None:
    assert f"`{entity}`" in DOCUMENT


def _keys(text: str) -> dict[str, str]:
    """Table → the columns of its primary key, as SQL has them."""
    made = (statement for statement in text.split("CREATE TABLE ")[1:])
    found = {sql.split()[0]: re.search(r"PRIMARY KEY \(([^)]*)\)|(\w+) uuid PRIMARY KEY", sql) for sql in made}
    return {table: key[1] or key[2] for table, key in found.items() if key}


def test_every_table_of_the_protocol_is_described() -> None:
    folder = ROOT / "hq" / "protocol"
    sources = [folder / "tables.sql", *sorted((folder / "migrations").glob("0*.py"))]
    keys = _keys("".join(path.read_text(encoding="utf-8") for path in sources))
    assert len(keys) >= 9
    written = {table: re.search(rf"^    {table} +\(([^)]*)\)", DOCUMENT, re.M) for table in keys}
    assert {table: found[1] for table, found in written.items() if found} == keys
