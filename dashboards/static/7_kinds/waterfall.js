/* Kind waterfall: steps between two levels; each hangs where the one before ended, which the mart
   summed up. */
(() => {
  const { charts, tables, kind } = Onefunnel;

  function draw(figure, context) {
    const { slices, chosen, options } = context;
    const ends = options.ends;
    const parts = slices.parts(options.breakdown, chosen)
      .filter((part) => part.num !== 0 || ends.includes(part.entry.label));
    const [bars] = figure.data;
    const { level, accent, good, late } = context.colours;
    const isLevel = (part) => ends.includes(part.entry.label);
    const colour = (part) => {
      if (isLevel(part)) return level;
      if ((options.good || []).includes(part.entry.label)) return good;
      return (options.bad || []).includes(part.entry.label) ? late : accent;
    };
    const end = (part) => (isLevel(part) ? part.num : part.upTo);
    bars.x = parts.map((part) => charts.wrapped(part.entry, context, parts.length));
    bars.base = parts.map((part) => (isLevel(part) ? 0 : Math.min(part.upTo, part.upTo - part.num)));
    bars.y = parts.map((part) => Math.abs(part.num));
    bars.marker.color = parts.map(colour);
    bars.text = parts.map((part) => {
      const text = charts.inUnit(context, part.num);
      return isLevel(part) || part.num <= 0 ? text : `+${text}`;
    });
    bars.customdata = parts.map((part, n) => `${charts.plotText(part.entry)}: ${bars.text[n]}, ${part.n} ${charts.about(context).noun}`);
    const { layout } = figure;
    const top = Math.max(1, ...parts.map((part, n) => bars.base[n] + bars.y[n]));
    layout.yaxis.range = [Math.min(0, ...bars.base), top * 1.12];
    layout.xaxis.range = [-0.6, parts.length - 0.4];
    layout.shapes = parts.slice(0, -1).map((part, n) => ({
      type: "line", x0: n + 0.33, x1: n + 0.67, y0: end(part), y1: end(part), layer: "below",
      line: { color: context.colours.line, width: 1, dash: "dot" },
    }));
    if (context.isNarrow) {
      layout.xaxis.tickfont.size = 10;
      layout.margin.b = 56;
      bars.textfont.size = 10;
    }
    return parts.some((part) => part.num !== 0);
  }

  kind("waterfall", { draw, table: tables.byCategory });
})();
