"""Build the published site from the released warehouse; no Dagster here."""
