"""Dagster definitions, loaded by folder."""
