"""HQ's periodic work: what nobody waits for, done beside serving, by one process at a time."""
