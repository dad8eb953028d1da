"""Tests of the shared definitions as dbt runs them."""
