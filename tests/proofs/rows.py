"""One digest of a set of rows, made in the same way from a tablet's file and from HQ's feed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(rows: Mapping[tuple[str, str, str], tuple[int, Any]]) -> str:
    """Of rows (scope, entity, id) → (version, record), every field of every record."""
    text = json.dumps(sorted([*key, version, data] for key, (version, data) in rows.items()), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
