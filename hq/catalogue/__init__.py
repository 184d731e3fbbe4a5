"""Products, prices, and what a store has on its shelf."""
