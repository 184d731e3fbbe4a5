"""The two ports that HQ's handlers stand on, `Ledger` and `Aggregates`, with adapters for PostgreSQL and in memory."""
