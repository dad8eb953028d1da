/* Kind bars: categories ranked by the mart, with share and cumulative share; a tick for what is compared
   with. */
(() => {
  const { formats, charts, tables, kind } = Onefunnel;

  function draw(figure, context) {
    const { slices, chosen, options, compare, isNarrow } = context;
    const parts = slices.parts(options.breakdown, chosen);
    const before = slices.before(options.breakdown, chosen, compare);
    const { isTooFew, isFew } = charts.weight(parts);
    const [bars, ticks] = figure.data;
    const { accent, gap } = context.colours;
    const names = parts.map((part) => charts.plotText(part.entry));
    const texts = parts.map((part) => {
      const said = [charts.inUnit(context, part.num)];
      if (!isTooFew && part.all) {
        said.push(formats.percent(part.num / part.all));
        if (!isNarrow) said.push(`cum. ${formats.percent(part.upTo / part.all)}`);
      }
      return said.join("   ");
    });
    bars.x = parts.map((part) => Math.max(0, part.num));
    bars.y = names;
    bars.marker.color = parts.map((part) => (part.entry.gap ? gap : accent));
    bars.marker.opacity = isFew ? 0.55 : 1;
    bars.text = texts;
    bars.customdata = parts.map((part, row) => {
      const other = before.get(part.entry.label);
      const was = compare ? `, ${context.compared}: ${charts.inUnit(context, other ? other.num : 0)}` : "";
      return `${names[row]}: ${texts[row]}${was}`;
    });
    const was = parts.map((part) => {
      const other = before.get(part.entry.label);
      return other ? Math.max(0, other.num) : compare && before.size ? 0 : null;
    });
    ticks.y = names;
    ticks.x = was;
    charts.lying(figure.layout, parts.map((part) => part.entry), texts.map((text) => ({ text, isWeak: isFew })), context);
    figure.layout.xaxis.range = [0, Math.max(1, ...bars.x, ...was.map((value) => value || 0)) * 1.04];
    return parts.length > 0;
  }

  kind("bars", { draw, table: tables.byCategory, ticks: true });
})();
