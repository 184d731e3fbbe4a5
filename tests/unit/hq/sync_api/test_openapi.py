"""The contract's description for machines holds together."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from guide_app.domain.records import ENTITIES
from guide_app.operations import READERS
from hq.sync_api import openapi


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(openapi.document())
    return found


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named
    assert named <= document["components"]["schemas"].keys()


def test_every_kind_and_version_and_every_entity_has_a_schema(document: dict[str, Any]) -> None:
    kinds = {(kind, int(version)) for kind, versions in document["x-op-kinds"].items() for version in versions}
    assert kinds == READERS.keys()
    assert document["x-entities"].keys() == ENTITIES.keys()


def test_patterns_are_those_of_json_schema(document: dict[str, Any]) -> None:
    patterns = re.findall(r'"pattern": "([^"]+)"', json.dumps(document))
    assert patterns
    assert not [pattern for pattern in patterns if r"\\Z" in pattern]
