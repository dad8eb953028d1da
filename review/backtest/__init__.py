"""Evidence for a rule: work back from what sales accepted and won to what was known beforehand."""
