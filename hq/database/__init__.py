"""HQ's PostgreSQL: the embedded one in a data folder, or the one that DATABASE_URL names."""
