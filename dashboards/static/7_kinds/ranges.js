/* Kind ranges: the middle half and the median by source or category. */
(() => {
  const { formats, intervals, charts, tables, kind } = Onefunnel;
  const { plotText, sorted, lying, about } = charts;
  const { TOO_FEW } = intervals;

  function draw(figure, context) {
    const rows = sorted(context, (found) => (found.n >= TOO_FEW ? -found.value : -1e9))
      .filter((row) => row.found.n > 0);
    const bars = rows.filter((row) => row.found.n >= TOO_FEW);
    const [half, median] = figure.data;
    half.y = bars.map((row) => plotText(row.entry));
    half.base = bars.map((row) => row.found.p25);
    half.x = bars.map((row) => row.found.p75 - row.found.p25);
    half.customdata = bars.map((row) => `${plotText(row.entry)}: median ${formats.days(row.found.value)}, `
      + `half between ${formats.count(row.found.p25)} and ${formats.count(row.found.p75)}`);
    median.y = half.y;
    median.x = bars.map((row) => row.found.value);
    const { layout } = figure;
    layout.xaxis.range = [0, Math.max(10, ...bars.map((row) => row.found.p75)) * 1.05];
    const { noun } = about(context);
    lying(layout, rows.map((row) => row.entry), rows.map(({ found }) => {
      if (found.n < TOO_FEW) return { text: `${formats.count(found.n)} ${noun.split(" ")[0]}`, isWeak: true };
      const shown = formats.days(found.value).replace(/ days?$/, " d");
      return { text: context.isNarrow ? shown : `${shown}  n = ${formats.count(found.n)}` };
    }), context);
    return rows.length > 0;
  }

  kind("ranges", { draw, table: tables.byCategory });
})();
