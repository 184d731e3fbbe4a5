"""Who looked at whose data: kept at HQ alone, for whoever answers for it."""
