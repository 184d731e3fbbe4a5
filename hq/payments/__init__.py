"""Payments by a provider: the port, its adapters, and what HQ keeps of each request. The rules are in
`hq.sync_api.paying`."""
