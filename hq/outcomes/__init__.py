"""What became of material: where it is and where it is not yet, what was done with it, counted as it happens."""
