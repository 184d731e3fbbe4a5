"""Gift cards: batches, secrets, the ledger, and what HQ's people do with them."""
