/* Kind columns: categories in their own order; beyond the reference line in another colour. */
(() => {
  const { formats, charts, tables, kind } = Onefunnel;

  function draw(figure, context) {
    const { slices, chosen, options, compare } = context;
    const parts = slices.parts(options.breakdown, chosen);
    const before = slices.before(options.breakdown, chosen, compare);
    const { isTooFew, isFew } = charts.weight(parts);
    const [bars, ticks] = figure.data;
    const { accent, gap, late } = context.colours;
    const longest = Math.max(1, ...parts.flatMap((part) => part.entry.label.split(" ").map((word) => word.length)));
    const isSlanted = longest * (context.isNarrow ? 5.8 : 6.6) > context.width / Math.max(1, parts.length);
    const names = parts.map((part) => (
      isSlanted ? charts.plotText(part.entry) : charts.wrapped(part.entry, context, parts.length)));
    const place = parts.findIndex((part) => part.entry.label === options.after);
    const share = (part) => (part.all ? part.num / part.all : 0);
    const height = (part) => (isTooFew ? part.num : share(part));
    bars.x = names;
    bars.y = parts.map(height);
    bars.marker.color = parts.map((part, number) => (
      part.entry.gap ? gap : place >= 0 && number > place ? late : accent));
    bars.width = Math.min(0.74, (110 * parts.length) / context.width);
    bars.marker.opacity = isFew ? 0.55 : 1;
    bars.text = parts.map((part) => (isTooFew ? formats.count(part.num) : formats.percent(share(part))));
    bars.customdata = parts.map((part, number) => {
      const other = before.get(part.entry.label);
      const was = other ? `, ${context.compared}: ${formats.percent(share(other))} (${formats.count(other.num)})` : "";
      return `${charts.plotText(part.entry)}: ${formats.count(part.num)} of ${formats.count(part.all)}, ${bars.text[number]}${was}`;
    });
    ticks.x = names;
    ticks.y = parts.map((part) => {
      const other = before.get(part.entry.label);
      return other && !isTooFew ? share(other) : null;
    });
    ticks.marker.size = Math.max(12, Math.min(52, (context.width / Math.max(1, parts.length)) * 0.7));
    const { layout } = figure;
    layout.xaxis.range = [-0.6, parts.length - 0.4];
    layout.yaxis.range = [0, Math.max(0.01, ...bars.y, ...ticks.y.map((value) => value || 0)) * 1.16];
    layout.shapes = [];
    // A number stands on its bar, and on the tick only where the two would cover each other: high
    // above its bar it would read as the tick's.
    const reach = (layout.yaxis.range[1] * 20) / Math.max(100, (layout.height || 320) - 68);
    const foot = (number) => {
      const above = (ticks.y[number] || 0) - bars.y[number];
      return bars.y[number] + (above > 0 && above < reach ? above : 0);
    };
    layout.annotations = parts.map((part, number) => charts.annotation(
      names[number], foot(number), bars.text[number],
      isFew ? context.colours.muted : context.colours.ink,
      { xref: "x", yref: "y", xanchor: "center", yanchor: "bottom", yshift: 2 },
    ));
    if (place >= 0 && place < parts.length - 1) {
      const at = place + 0.5;
      layout.shapes.push({
        type: "line", x0: at, x1: at, y0: 0, y1: 1, yref: "paper",
        line: { color: context.colours.reference, width: 1.2, dash: "dot" },
      });
      layout.annotations.push(charts.annotation(at, 1, options.line || "", context.colours.muted, {
        xref: "x", yref: "paper", yanchor: "bottom", xanchor: "center",
      }));
    }
    if (context.isNarrow) layout.xaxis.tickfont.size = 10;
    layout.xaxis.tickangle = isSlanted ? -40 : 0;
    Object.assign(layout.margin, isSlanted ? { b: 84, l: 42 } : { b: 34, l: 8 });
    return parts.some((part) => part.num > 0);
  }

  kind("columns", { draw, table: tables.byCategory, ticks: true });
})();
