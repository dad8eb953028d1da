/* Kind rates: a rate and its 95 % interval by source or category, the overall rate dotted. */
(() => {
  const { formats, intervals, charts, tables, kind } = Onefunnel;
  const { plotText, annotation, sorted, lying, about } = charts;
  const { TOO_FEW, FEW } = intervals;

  function draw(figure, context) {
    const { breakdown, overall } = context.options;
    const digits = about(context).unit === "rate1" ? 1 : 0;
    const rows = sorted(context, (found) => (found.den >= TOO_FEW ? found.value : -1))
      .filter((row) => row.found.den > 0);
    const dots = rows.filter((row) => row.found.den >= TOO_FEW);
    const ends = dots.map((row) => intervals.wilson(row.found.num, row.found.den));
    const [trace] = figure.data;
    const full = trace.marker.line.color;
    const paper = context.colours.paper;
    const isPale = (row) => !breakdown && context.chosen.source !== "all" && row.entry.slug !== "all"
      && row.entry.slug !== context.chosen.source;
    trace.x = dots.map((row) => row.found.value);
    trace.y = dots.map((row) => plotText(row.entry));
    trace.marker.color = dots.map((row) => (row.found.den >= FEW ? full : paper));
    trace.marker.opacity = dots.map((row) => (isPale(row) ? 0.35 : 1));
    trace.error_x.array = dots.map((row, n) => ends[n][1] - row.found.value);
    trace.error_x.arrayminus = dots.map((row, n) => row.found.value - ends[n][0]);
    trace.customdata = dots.map((row, n) => `${plotText(row.entry)}: ${formats.percent(row.found.value, digits)}, `
      + `95% CI ${ends[n].map((end) => formats.percent(end, digits)).join(" to ")}`);
    const { layout } = figure;
    const end = Math.min(1, Math.max(0.05, ...ends.map((one) => one[1])) * 1.06);
    layout.xaxis.range = [-end * 0.035, end];
    lying(layout, rows.map((row) => row.entry), rows.map(({ found }) => {
      const of = `${formats.count(found.num)} of ${formats.count(found.den)}`;
      if (found.den < TOO_FEW) return { text: of, isWeak: true };
      const shown = formats.percent(found.value, digits);
      return { text: context.isNarrow ? shown : `${shown}  ${of}`, isWeak: found.den < FEW };
    }), context);
    layout.shapes = [];
    const all = breakdown ? (overall && context.slices.look(overall, context.chosen)) || { den: 0 }
      : rows.length ? rows[0].found : { den: 0 };
    if (all.den >= TOO_FEW) {
      layout.shapes.push({
        type: "line", x0: all.value, x1: all.value, y0: 0, y1: 1, yref: "paper", layer: "below",
        line: { color: context.colours.reference, width: 1.2, dash: "dot" },
      });
      layout.annotations.push(annotation(
        all.value, 1, `${breakdown ? "all" : "all sources"} ${formats.percent(all.value, digits)}`, context.colours.muted,
        { xref: "x", yref: "paper", yanchor: "bottom", xanchor: "center", font: { size: 11, color: context.colours.muted } },
      ));
    }
    return rows.some((row) => row.found.den > 0);
  }

  kind("rates", { draw, table: tables.byCategory });
})();
