"""HQ's side of the sync contract (docs/sync-protocol.md): a plain ASGI callable for /v1/*."""

CLOSING = "closing"
"""In the lifespan's state: what a server calls before it waits for its connections to end."""
