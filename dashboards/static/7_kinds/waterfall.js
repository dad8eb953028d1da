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
    bars.constraintext = "none";
    bars.textangle = 0;
    bars.textfont.size = parts.length > 8 ? 11 : 12;
    layout.xaxis.tickfont.size = parts.length > 8 ? 11 : 12;
    if (context.isNarrow) lie(figure, parts, context);
    return parts.some((part) => part.num !== 0);
  }

  /* On a telephone the steps stand below each other, with room for their amounts. */
  function lie(figure, parts, context) {
    const [bars] = figure.data;
    const { layout } = figure;
    const texts = bars.text.map((text) => ({ text }));
    Object.assign(bars, { orientation: "h", x: bars.y, y: parts.map((part) => charts.plotText(part.entry)), textposition: "none" });
    const range = layout.yaxis.range;
    layout.yaxis = { ...layout.yaxis, visible: true, showgrid: false, tickfont: layout.xaxis.tickfont };
    layout.xaxis = { ...layout.xaxis, type: "linear", visible: false, range: [range[0], range[1] / 1.1] };
    layout.shapes = [];
    charts.lying(layout, parts.map((part) => part.entry), texts, context);
  }

  kind("waterfall", { draw, table: tables.byCategory });
})();
