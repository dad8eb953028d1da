"""Building what a change touches, and nothing else, where it can read and write nothing else."""
