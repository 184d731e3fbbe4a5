"""Quotations: what the shops promised for how long, and what became of it."""
