"""How members join: what is handed over and signed, who brought whom, and the form for the customer's own phone."""
