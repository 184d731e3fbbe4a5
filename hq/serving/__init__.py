"""HQ in several processes: one that looks after the others, which answer."""
