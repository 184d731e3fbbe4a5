"""Members, their consents, aliases and conflicts."""
