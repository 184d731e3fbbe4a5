"""Files by their content: kept once each under their SHA-256, whoever names them."""
