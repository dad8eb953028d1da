/* The only arithmetic on figures here, on counts that were looked up: Wilson's interval and whether
   two rates differ clearly. The same as intervals.py. */
(() => {
  const Z = 1.959963984540054;
  const TOO_FEW = 10;
  const FEW = 20;

  function wilson(hits, total) {
    const share = hits / total;
    const spread = Z * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total));
    const middle = share + (Z * Z) / (2 * total);
    const scale = 1 + (Z * Z) / total;
    return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
  }

  function clearlyDiffer(hits, total, otherHits, otherTotal) {
    const share = hits / total;
    const other = otherHits / otherTotal;
    const [low, high] = wilson(hits, total);
    const [otherLow, otherHigh] = wilson(otherHits, otherTotal);
    const gap = share - other;
    const below = Math.sqrt((share - low) ** 2 + (otherHigh - other) ** 2);
    const above = Math.sqrt((high - share) ** 2 + (other - otherLow) ** 2);
    return gap - below > 0 || gap + above < 0;
  }

  Onefunnel.intervals = { TOO_FEW, FEW, wilson, clearlyDiffer };
})();
