"""What was done in the console, by whom and over which store: written once, never changed."""
