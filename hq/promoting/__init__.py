"""Where HQ's people write promotions, read them in words, and try them on real orders."""
