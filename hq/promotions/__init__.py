"""Promotions, version by version."""
