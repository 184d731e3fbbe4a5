"""Tickets and promises."""
