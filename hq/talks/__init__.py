"""Talks and follow-ups."""
