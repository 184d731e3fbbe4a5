"""Levels and paid memberships as HQ's people write them: by forms, beside the settings that they stand in."""
