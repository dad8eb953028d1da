/* What kinds of cards share, and the register of kinds: `kind(name, {draw, table})`, one file a kind in
   7_kinds/. draw: swaps the numbers of the figure that Python made, true when there are any. table:
   the same numbers as rows. Every text given to Plotly is a label made safe in Python, or a number. */
(() => {
  const { intervals, formats } = Onefunnel;
  const kinds = {};
  const TICK_ROOM = 44; // Pixels that "100%" takes, its gap included.
  const plotText = (entry) => entry.plot || entry.label;
  const bySource = (slices) => slices.dims.source.slice(1);

  function kind(name, made) {
    kinds[name] = made;
  }

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

  /* Rows of a category axis from the top, names at the left and texts at the right of the bars. */
  function lying(layout, entries, texts, context) {
    layout.yaxis.type = "category";
    layout.yaxis.categoryorder = "array";
    layout.yaxis.categoryarray = entries.map(plotText);
    layout.yaxis.range = [Math.max(3, entries.length) - 0.4, -0.6];
    layout.yaxis.autorange = false;
    layout.annotations = entries.map((entry, row) => annotation(
      1, plotText(entry), texts[row].text, texts[row].isWeak ? context.colours.muted : context.colours.ink,
      { yref: "y", xshift: 10 },
    ));
    layout.margin.r = textRoom(layout.annotations);
    layout.margin.l = labelRoom(entries.map((entry) => entry.label), context);
    const room = context.width - layout.margin.l - layout.margin.r;
    layout.xaxis.nticks = Math.max(2, Math.min(6, Math.floor(room / TICK_ROOM)));
    layout.yaxis.tickmode = "array";
    layout.yaxis.tickvals = entries.map(plotText);
    layout.yaxis.ticktext = entries.map((entry) => cut(entry, (layout.margin.l - 20) / 6.6));
  }

  /* A name as long as there is room for; the whole one is in the hover and the table. */
  function cut(entry, most) {
    if (entry.label.length <= most + 1) return plotText(entry);
    return `${entry.label.slice(0, Math.max(4, most - 1)).trim()}…`
      .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  /* Room for the numbers that are written at the right. */
  function textRoom(annotations) {
    const length = (text) => text.length + text.split(/[%–]/).length * 0.5;
    const widest = Math.max(4, ...annotations.map((one) => (one.xshift ? length(one.text) : 0)));
    return Math.max(48, 18 + widest * 6.9);
  }

  /* Room for the longest name, within reason; Plotly would otherwise clip it. */
  function labelRoom(labels, context) {
    const longest = Math.max(8, ...labels.map((text) => text.length));
    return Math.min(context.isNarrow ? 118 : 190, 20 + longest * 6.6);
  }

  /* A rate or a length by source, or by the categories of a breakdown; everybody first. */
  function sorted(context, rank) {
    const { options, slices, chosen } = context;
    if (options.breakdown) {
      return slices.parts(options.breakdown, chosen).map(({ entry, ...found }) => ({ entry, found }));
    }
    const rows = bySource(slices).map((entry) => ({
      entry,
      found: slices.look(options.metric, { ...chosen, source: entry.slug }),
    }));
    rows.sort((one, other) => rank(other.found) - rank(one.found));
    const all = slices.look(options.metric, { ...chosen, source: "all" });
    return [{ entry: { slug: "all", label: "All sources" }, found: all }, ...rows];
  }

  const unit = (context) => slicesAbout(context).unit;
  const slicesAbout = ({ slices, options }) => slices.about(options.breakdown || options.metric);

  /* A number in the unit of its breakdown. */
  function inUnit(context, value) {
    return unit(context) === "money" ? formats.money(value, context.currency) : formats.count(value);
  }

  /* Words under standing bars, broken at blanks so that neighbours do not run into each other. */
  function wrapped(entry, context, columns) {
    const room = Math.max(5, Math.floor(context.width / Math.max(1, columns) / 6.4));
    const lines = [""];
    for (const word of plotText(entry).split(" ")) {
      const last = lines[lines.length - 1];
      if (last && `${last} ${word}`.length > room) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    return lines.join("<br>");
  }

  /* Whether shares may be said: never of fewer than ten records. */
  function weight(parts) {
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    return { n, isTooFew: n < intervals.TOO_FEW, isFew: n < intervals.FEW };
  }

  Onefunnel.kind = kind;
  Onefunnel.charts = {
    kinds, recoloured, sorted, plotText, bySource, annotation, lying, textRoom, labelRoom, wrapped, inUnit, weight,
    about: slicesAbout,
  };
})();
