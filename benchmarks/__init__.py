"""Measurements that take minutes: kept beside the tests, run by hand."""
