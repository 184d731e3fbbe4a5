"""Members' points: what orders earned, and every movement of an account."""
