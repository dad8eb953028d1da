/* The numbers behind a card as rows: shown as a table, saved as CSV. A cell is text, or a figure
   with its raw number and all that was chosen, so that anybody can recompute it. */
(() => {
  const { formats, wording } = Onefunnel;

  function figureCell(slug, context, more) {
    const chosen = { ...context.chosen, ...more };
    const metric = context.slices.metrics[slug];
    const found = context.slices.look(slug, chosen);
    const shown = wording.figure(metric, found, context.currency);
    const value = metric.unit === "days" && !found.n ? null : found.value;
    return { metric: slug, chosen, text: shown.headline, raw: value, n: found.n, isWeak: shown.isWeak };
  }

  function sourceRows(columns, context) {
    const { slices } = context;
    const entries = [{ slug: "all", label: "All sources" }, ...slices.dims.source.slice(1)];
    return entries.map((entry) => ({
      name: entry.label,
      isChosen: entry.slug === context.chosen.source && entry.slug !== "all",
      cells: columns.map((slug) => figureCell(slug, context, { source: entry.slug })),
    })).filter((row, number) => !number || row.cells.some((cell) => cell.n || cell.raw));
  }

  function bySource(context) {
    const columns = context.options.columns || [context.options.metric];
    const more = columns.flatMap((slug) => {
      const { unit, title, noun } = context.slices.metrics[slug];
      const of = unit === "rate" || unit === "rate1" ? [{ slug, title: `of ${noun}`, isN: true }] : [];
      return [{ slug, title }, ...of];
    });
    const rows = sourceRows(columns, context).map((row) => ({
      ...row,
      cells: row.cells.flatMap((cell) => {
        const { unit } = context.slices.metrics[cell.metric];
        if (unit !== "rate" && unit !== "rate1") return [cell];
        return [cell, { text: formats.count(cell.n), raw: cell.n }];
      }),
    }));
    return { head: ["Source", ...more.map((column) => column.title)], rows };
  }

  function stages(context) {
    const rows = context.slices.stages(context.chosen).map((stage) => ({
      name: stage.label,
      cells: ["reached", "undecided", "skipped"].map((name) => ({
        metric: `funnel_${stage.slug}_${name}`,
        chosen: context.chosen,
        text: formats.count(stage[name]),
        raw: stage[name],
      })),
    }));
    return { head: ["Stage", "Reached", "Stage before, undecided", "Came later without it"], rows };
  }

  function months(context) {
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

  const kinds = { stages, rates: bySource, ranges: bySource, table: bySource, months };

  function mark(element, cell) {
    if (!cell.metric) return;
    element.className = `figure${cell.isWeak ? " weak" : ""}`;
    element.dataset.metric = cell.metric;
    element.dataset.value = cell.raw == null ? "" : String(cell.raw);
    if (cell.n != null) element.dataset.n = String(cell.n);
    for (const [name, slug] of Object.entries(cell.chosen)) element.dataset[name] = slug;
  }

  function render(holder, table, caption) {
    const element = document.createElement("table");
    const title = element.createCaption();
    title.className = "hidden";
    title.textContent = caption;
    const head = element.createTHead().insertRow();
    for (const text of table.head) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      head.append(cell);
    }
    const body = element.createTBody();
    for (const row of table.rows) {
      const line = body.insertRow();
      if (row.isChosen) line.className = "chosen";
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = row.name;
      line.append(name);
      for (const cell of row.cells) {
        const span = document.createElement("span");
        span.textContent = cell.text;
        mark(span, cell);
        line.insertCell().append(span);
      }
    }
    holder.replaceChildren(element);
  }

  function csv(table) {
    const lines = [table.head, ...table.rows.map((row) => [
      row.name, ...row.cells.map((cell) => (cell.raw === undefined ? cell.text : cell.raw)),
    ])];
    return `\ufeff${lines.map((line) => line.map(formats.csvCell).join(",")).join("\r\n")}\r\n`;
  }

  Onefunnel.tables = { of: (kind, context) => kinds[kind](context), render, csv, mark };
})();
