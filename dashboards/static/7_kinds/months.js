/* Kind months: amounts a month, stacked by source; the running month paler. */
(() => {
  const { formats, charts, kind } = Onefunnel;
  const { plotText, bySource } = charts;

  function draw(figure, context) {
    const { slices, chosen } = context;
    const last = slices.months.months.length - 1;
    let isAny = false;
    figure.data.forEach((trace, number) => {
      const entry = bySource(slices)[number];
      const amounts = slices.amounts(chosen, number);
      const isShown = chosen.source === "all" || chosen.source === entry.slug;
      trace.y = amounts;
      trace.visible = isShown;
      trace.marker.opacity = amounts.map((_, month) => (month === last ? 0.5 : 1));
      trace.customdata = amounts.map((value) => `${plotText(entry)} ${formats.money(value, context.currency)}`);
      isAny = isAny || (isShown && amounts.some((value) => value !== 0));
    });
    if (context.isNarrow) {
      figure.layout.margin.l = 48;
      figure.layout.margin.t = 44;
      (figure.layout.annotations || []).forEach((one, number) => {
        one.yshift = number % 2 ? 13 : 0;
        one.xanchor = "right";
      });
      figure.layout.xaxis.dtick = last < 9 ? "M2" : "M6";
    }
    until(figure, context, last);
    return isAny;
  }

  /* Over the last bar: up to which day it goes. */
  function until(figure, context, last) {
    const height = figure.data.reduce((sum, trace) => sum + (trace.visible ? trace.y[last] : 0), 0);
    figure.layout.annotations = [...(figure.layout.annotations || []), charts.annotation(
      context.slices.months.months[last], height, `to ${formats.day(context.asOf).slice(0, -5)}`, context.colours.muted,
      { xref: "x", yref: "y", xanchor: "center", yanchor: "bottom", font: { size: 11, color: context.colours.muted } },
    )];
  }

  function table(context) {
    const { slices, chosen } = context;
    const sources = slices.dims.source.slice(1)
      .map((entry, number) => ({ entry, number }))
      .filter(({ entry }) => chosen.source === "all" || chosen.source === entry.slug);
    const rows = slices.months.months.map((month, at) => ({
      name: formats.month(month),
      cells: sources.map(({ entry, number }) => {
        const raw = slices.amounts(chosen, number)[at];
        return {
          metric: "pipeline_by_source",
          chosen: { ...chosen, source: entry.slug, month },
          text: formats.money(raw, context.currency),
          raw,
        };
      }),
    })).reverse();
    return { head: ["Month", ...sources.map(({ entry }) => entry.label)], rows };
  }

  kind("months", { draw, table });
})();
