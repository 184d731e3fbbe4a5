"""Nothing is read or written across stores through the tablets' interface, and the page that says so is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests import tablet_rights

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # HQ logs what it refuses


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    from django.conf import settings

    before = settings.ENVIRONMENT
    yield
    settings.ENVIRONMENT = before


def test_no_tablet_reads_or_writes_what_is_another_stores(
    hq_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from hq.sync_api import openapi

    done = tablet_rights.walked(tmp_path)
    assert done.found == []
    document = msgspec.json.decode(openapi.document())
    tried = {address.partition(":")[0] for address, _role in done.asked}
    assert tried == document["paths"].keys() - {"/v1/openapi.json"}, "every signed address"
    kinds = {address.partition(": ")[2] for address, _role in done.asked} - {""}
    assert kinds == document["x-op-kinds"].keys(), "every kind of operation"
    table = tablet_rights.table(done)
    with capsys.disabled():
        print(f"\ntablets: {table.splitlines()[-1]}")
    assert tablet_rights.PAGE.read_text(encoding="utf-8") == table, "run python -m tests.tablet_rights"
