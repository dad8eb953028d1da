"""A simulated B2B software company: seeded records of both vendors, and its own truth apart."""
