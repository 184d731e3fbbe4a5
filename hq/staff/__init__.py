"""The people who work in the stores."""
