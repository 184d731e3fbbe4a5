"""Who may do what in HQ's console, and over which stores: one table, held to at one gate."""
