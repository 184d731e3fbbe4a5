"""`GET /v1/openapi.json`: the contract for machines, made from the very types that HQ decodes with."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from guide_app.domain.records import ENTITIES
from guide_app.operations import OPERATIONS, READERS
from sync.protocol import versions
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    ErrorBody,
    LeaseRequest,
    LeaseResponse,
    LookupRequest,
    LookupResponse,
    PayRequest,
    PayResponse,
    RadarResponse,
    Row,
    SyncRequest,
    SyncResponse,
    VerifyRequest,
    VerifyResponse,
    WireOp,
)

_REF = "#/components/schemas/{name}"
_SIGNED = "Signed by RFC 9421 with the device's Ed25519 key."
_ERRORS = ("401", "403", "404", "413", "415", "422", "426", "429", "503")


def _described(kind: Any, name: str, described_as: Any) -> Any:
    """The message with one field as it is meant: msgspec can describe neither raw JSON nor a default of it."""
    fields: list[Any] = []
    for field in msgspec.structs.fields(kind):
        if field.name == name:
            fields.append((name, described_as | msgspec.UnsetType, msgspec.UNSET))
        elif field.required:
            fields.append((field.name, field.type))
        elif field.default_factory is not msgspec.NODEFAULT:
            fields.append((field.name, field.type, msgspec.field(default_factory=field.default_factory)))
        else:
            fields.append((field.name, field.type, field.default))
    return msgspec.defstruct(kind.__name__, fields, kw_only=True)


_ROW = _described(Row, "d", dict[str, Any])
_SYNC_RESPONSE = _described(SyncResponse, "rows", list.__class_getitem__(_ROW))
_VERIFY_RESPONSE = _described(VerifyResponse, "rows", list.__class_getitem__(_ROW))

_LEASE_RESPONSE = _described(LeaseResponse, "lease", _ROW)


@cache
def document() -> bytes:
    """The document as JSON. `x-op-kinds`: kind → schema version → schema of the body; `x-entities`: entity → schema."""
    bodies = [(kind, version, OPERATIONS[kind].formats[version]) for kind, version in sorted(READERS)]
    messages = (
        EnrolRequest,
        EnrolResponse,
        SyncRequest,
        _SYNC_RESPONSE,
        WireOp,
        ErrorBody,
        VerifyRequest,
        _VERIFY_RESPONSE,
        LookupRequest,
        LookupResponse,
        LeaseRequest,
        _LEASE_RESPONSE,
        PayRequest,
        PayResponse,
        RadarResponse,
    )
    types = [*(body for _kind, _version, body in bodies), *ENTITIES.values(), *messages]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = dict(zip(types, schemas, strict=True))
    kinds: dict[str, dict[str, Any]] = {}
    for kind, version, body in bodies:
        kinds.setdefault(kind, {})[str(version)] = by_type[body]
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Store Guide: sync between tablet and HQ", "version": versions.PROTOCOL},
        "paths": {
            "/v1/enrol": {"post": _call("Enrols a tablet by a one-time code", by_type, EnrolRequest, EnrolResponse)},
            "/v1/sync": {"post": _call("Operations up, rows down", by_type, SyncRequest, _SYNC_RESPONSE)},
            "/v1/lease": {
                "post": _call("Grants a share of a value, or enlarges it", by_type, LeaseRequest, _LEASE_RESPONSE)
            },
            "/v1/lookup": {
                "post": _call("Finds a member of another store, exactly", by_type, LookupRequest, LookupResponse)
            },
            "/v1/payment": {"post": _call("A payment on the customer's own phone", by_type, PayRequest, PayResponse)},
            "/v1/verify": {
                "post": _call("Compares a scope bucket by bucket", by_type, VerifyRequest, _VERIFY_RESPONSE)
            },
            "/v1/events": {"get": _stream("Says which scope moved (server-sent events)", by_type)},
            "/v1/radar": {"get": _radar(by_type)},
            "/v1/files/{sha256}": {"get": _file(by_type)},
            "/v1/openapi.json": {"get": {"summary": "This document", "responses": {"200": {"description": "OK"}}}},
        },
        "components": {"schemas": components},
        "x-op-kinds": kinds,
        "x-entities": {name: by_type[record] for name, record in ENTITIES.items()},
    }
    # a pattern's end is \Z in Python and $ in JSON Schema
    return msgspec.json.encode(described).replace(rb"\\Z", b"$")


def _call(summary: str, by_type: dict[Any, Any], asked: Any, answered: Any) -> dict[str, Any]:
    return {
        "summary": summary,
        "description": _SIGNED,
        "requestBody": {"required": True, "content": _json(by_type[asked])},
        "responses": {"200": {"description": "OK", "content": _json(by_type[answered])}, **_failures(by_type)},
    }


def _stream(summary: str, by_type: dict[Any, Any]) -> dict[str, Any]:
    lines = {"text/event-stream": {"schema": {"type": "string"}}}
    return {
        "summary": summary,
        "description": _SIGNED,
        "responses": {
            "200": {"description": "`event: moved` with `data: <scope id>`; comments between", "content": lines},
            "204": {"description": "Poll only"},
            **_failures(by_type),
        },
    }


def _radar(by_type: dict[Any, Any]) -> dict[str, Any]:
    start = {"name": "from", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0}}
    known = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
    tag = {"ETag": {"required": True, "schema": {"type": "string"}, "description": "The version, in quotes"}}
    return {
        "summary": "The store's set of fingerprints: who is probably a member elsewhere",
        "description": _SIGNED,
        "parameters": [start, known],
        "responses": {
            "200": {"description": "OK", "headers": tag, "content": _json(by_type[RadarResponse])},
            "304": {"description": "The version that the tablet has is the newest", "headers": tag},
            **_failures(by_type),
        },
    }


def _file(by_type: dict[Any, Any]) -> dict[str, Any]:
    name = {"name": "sha256", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}
    asked = [
        {"name": header, "in": "header", "required": False, "schema": {"type": "string"}}
        for header in ("Range", "If-Range", "If-None-Match")
    ]
    tag = {"ETag": {"required": True, "schema": {"type": "string"}, "description": "The hash, in quotes"}}
    span = {"Content-Range": {"required": True, "schema": {"type": "string"}}}
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    refused = _failures(by_type)
    return {
        "summary": "A file that a row of the device's scopes names, whole or in part",
        "description": _SIGNED,
        "parameters": [name, *asked],
        "responses": {
            "200": {"description": "The whole file", "headers": tag, "content": content},
            "206": {"description": "The bytes that were asked for", "headers": {**tag, **span}, "content": content},
            "304": {"description": "The file that the tablet has", "headers": tag},
            **refused,
            "416": {**refused["404"], "headers": span},
        },
    }


def _failures(by_type: dict[Any, Any]) -> dict[str, Any]:
    refused = {"description": "Refused; `code` says why", "content": _json(by_type[ErrorBody])}
    return dict.fromkeys(_ERRORS, refused)


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
