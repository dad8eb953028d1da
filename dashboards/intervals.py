"""How sure a rate is: Wilson's interval, and whether two rates differ clearly.

The only arithmetic that the browser repeats (`static/2_intervals.js`), on counts that it looked up.
"""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054  # 95 %
# Fewer than TOO_FEW: the count is shown, no rate. Fewer than FEW: greyed, with its interval.
TOO_FEW, FEW = 10, 20


def wilson(hits: float, total: float) -> tuple[float, float]:
    """Return the 95 % interval of a rate."""
    share = hits / total
    spread = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    middle, scale = share + Z * Z / (2 * total), 1 + Z * Z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def clearly_differ(hits: float, total: float, other_hits: float, other_total: float) -> bool:
    """Whether Newcombe's interval of the difference of two rates leaves out zero."""
    share, other = hits / total, other_hits / other_total
    low, high = wilson(hits, total)
    other_low, other_high = wilson(other_hits, other_total)
    gap = share - other
    below = sqrt((share - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return gap - below > 0 or gap + above < 0
