"""How members join: what is handed over and signed, and who brought whom."""
