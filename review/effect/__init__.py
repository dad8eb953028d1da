"""The effect of a change: the same questions asked of both sides, in SQL. Nothing is shown here."""
