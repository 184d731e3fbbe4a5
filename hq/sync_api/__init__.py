"""HQ's side of the sync contract (docs/sync-protocol.md): a plain ASGI callable for /v1/*."""
