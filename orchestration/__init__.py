"""When things run and in which order, as Dagster assets; no SQL and no business rule here."""
