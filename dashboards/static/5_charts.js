/* Charts: the figure made in Python is kept, its numbers are swapped for those looked up. One entry
   a kind; every text given to Plotly is a label made safe in Python, or a number written here. */
(() => {
  const { formats, intervals } = Onefunnel;
  const { TOO_FEW, FEW } = intervals;

  const plotText = (entry) => entry.plot || entry.label;
  const bySource = (slices) => slices.dims.source.slice(1);

  /* Light colours become their dark twins, everywhere in a figure. */
  function recoloured(value, dark) {
    if (typeof value === "string") return dark[value] || value;
    if (Array.isArray(value)) return value.map((one) => recoloured(one, dark));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recoloured(v, dark)]));
    }
    return value;
  }

  function annotation(x, y, text, colour, more = {}) {
    return {
      x, y, text, showarrow: false, xanchor: "left", xref: "paper", font: { size: 12, color: colour },
      ...more,
    };
  }

  function stages(figure, context) {
    const rows = context.slices.stages(context.chosen);
    const [reached, undecided] = figure.data;
    reached.x = rows.map((row) => row.reached);
    undecided.x = rows.map((row) => row.undecided);
    undecided.text = rows.map((row, number) => {
      const before = number ? rows[number - 1] : null;
      const parts = [formats.count(row.reached)];
      if (before && before.reached >= TOO_FEW) {
        const of = context.isNarrow ? "" : ` of ${before.label}`;
        parts.push(`${formats.percent(row.reached / before.reached)}${of}`);
      }
      if (row.undecided && !context.isNarrow) {
        parts.push(`${formats.count(row.undecided)} undecided`);
      }
      return ` ${parts.join("   ")}`;
    });
    const room = context.isNarrow ? 1.5 : 1.75;
    const longest = Math.max(1, ...rows.map((row) => row.reached + row.undecided));
    figure.layout.xaxis.range = [0, longest * room];
    return rows[0].reached > 0;
  }

  function sorted(context, metric, rank) {
    const rows = bySource(context.slices).map((entry) => ({
      entry,
      found: context.slices.look(metric, { ...context.chosen, source: entry.slug }),
    }));
    rows.sort((one, other) => rank(other.found) - rank(one.found));
    const all = context.slices.look(metric, { ...context.chosen, source: "all" });
    return [{ entry: { slug: "all", label: "All sources" }, found: all }, ...rows];
  }

  function rates(figure, context) {
    const { metric: slug } = context.options;
    const metric = context.slices.metrics[slug];
    const digits = metric.unit === "rate1" ? 1 : 0;
    const rows = sorted(context, slug, (found) => (found.den >= TOO_FEW ? found.value : -1))
      .filter((row) => row.found.den > 0);
    const dots = rows.filter((row) => row.found.den >= TOO_FEW);
    const ends = dots.map((row) => intervals.wilson(row.found.num, row.found.den));
    const [trace] = figure.data;
    const full = trace.marker.line.color;
    const paper = context.colours.paper;
    const isPale = (row) => context.chosen.source !== "all" && row.entry.slug !== "all"
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
    layout.yaxis.type = "category";
    layout.yaxis.categoryorder = "array";
    layout.yaxis.categoryarray = rows.map((row) => plotText(row.entry));
    layout.yaxis.range = [rows.length - 0.4, -0.6];
    layout.yaxis.autorange = false;
    const end = Math.min(1, Math.max(0.05, ...ends.map((one) => one[1])) * 1.06);
    layout.xaxis.range = [-end * 0.035, end];
    layout.annotations = rows.map((row) => {
      const of = `${formats.count(row.found.num)} of ${formats.count(row.found.den)}`;
      const few = row.found.den < TOO_FEW;
      const text = few ? of : `${formats.percent(row.found.value, digits)}  ${context.isNarrow ? "" : of}`;
      const colour = few ? context.colours.muted : context.colours.ink;
      return annotation(1, plotText(row.entry), text, colour, { yref: "y", xshift: 10 });
    });
    layout.shapes = [];
    const all = rows.length ? rows[0].found : { den: 0 };
    if (all.den >= TOO_FEW) {
      layout.shapes.push({
        type: "line", x0: all.value, x1: all.value, y0: 0, y1: 1, yref: "paper", layer: "below",
        line: { color: context.colours.reference, width: 1.2, dash: "dot" },
      });
      layout.annotations.push(annotation(
        all.value, 1, `all sources ${formats.percent(all.value, digits)}`, context.colours.muted,
        { xref: "x", yref: "paper", yanchor: "bottom", xanchor: "center", font: { size: 11, color: context.colours.muted } },
      ));
    }
    layout.margin.r = textRoom(layout.annotations);
    layout.margin.l = labelRoom(rows.map((row) => row.entry.label), context);
    return rows.some((row) => row.found.den > 0);
  }

  function ranges(figure, context) {
    const rows = sorted(context, context.options.metric, (found) => (found.n >= TOO_FEW ? -found.value : -1e9))
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
    layout.yaxis.type = "category";
    layout.yaxis.categoryorder = "array";
    layout.yaxis.categoryarray = rows.map((row) => plotText(row.entry));
    layout.yaxis.range = [rows.length - 0.4, -0.6];
    layout.yaxis.autorange = false;
    layout.xaxis.range = [0, Math.max(10, ...bars.map((row) => row.found.p75)) * 1.05];
    layout.annotations = rows.map((row) => {
      const few = row.found.n < TOO_FEW;
      const text = few ? `${formats.count(row.found.n)} won` : `${formats.days(row.found.value).replace(/ days?$/, " d")}${context.isNarrow ? "" : `  n = ${formats.count(row.found.n)}`}`;
      return annotation(1, plotText(row.entry), text, few ? context.colours.muted : context.colours.ink, { yref: "y", xshift: 10 });
    });
    layout.margin.r = textRoom(layout.annotations);
    layout.margin.l = labelRoom(rows.map((row) => row.entry.label), context);
    return bars.length > 0;
  }

  function months(figure, context) {
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
      figure.layout.xaxis.nticks = 5;
    }
    return isAny;
  }

  /* Room for the numbers that are written at the right. */
  function textRoom(annotations) {
    const widest = Math.max(4, ...annotations.map((one) => (one.xshift ? one.text.length : 0)));
    return Math.max(48, 18 + widest * 6.9);
  }

  /* Room for the longest name, within reason; Plotly would otherwise clip it. */
  function labelRoom(labels, context) {
    const longest = Math.max(8, ...labels.map((text) => text.length));
    return Math.min(context.isNarrow ? 118 : 190, 20 + longest * 6.6);
  }

  Onefunnel.charts = { kinds: { stages, rates, ranges, months }, recoloured, sorted, plotText };
})();
