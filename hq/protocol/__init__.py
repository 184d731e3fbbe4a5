"""The tables of the sync contract: feed, op log, scopes, epoch."""
