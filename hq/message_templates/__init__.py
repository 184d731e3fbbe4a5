"""Templates of messages that guides send."""
