/* The numbers behind a card as rows: shown as a table, saved as CSV. A cell is text, or a figure
   with its raw number and all that was chosen, so that anybody can recompute it. */
(() => {
  const { formats, wording, charts } = Onefunnel;

  function figureCell(slug, context, more) {
    const chosen = { ...context.chosen, ...more };
    const metric = context.slices.metrics[slug];
    const found = context.slices.look(slug, chosen);
    const shown = wording.figure(metric, found, context.currency);
    const value = formats.isDuration(metric.unit) && !found.n ? null : found.value;
    return { metric: slug, chosen, text: shown.headline, raw: value, n: found.n, isWeak: shown.isWeak };
  }

  function sourceRows(columns, context) {
    const { slices } = context;
    const entries = [{ slug: "all", label: "All sources" }, ...slices.dims.source.slice(1)];
    return entries.map((entry) => ({
      name: entry.label,
      source: entry.slug,
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

  /* A breakdown's own categories: number, share, sum of shares; what was compared with beside it. */
  function byCategory(context) {
    const { options, slices, chosen, currency, compare, compared } = context;
    if (!options.breakdown) return bySource(context);
    const { unit, noun, title } = slices.about(options.breakdown);
    const before = slices.before(options.breakdown, chosen, compare);
    const parts = slices.parts(options.breakdown, chosen);
    const { isTooFew, isFew } = charts.weight(parts);
    const cell = (part, text, raw) => ({
      metric: options.breakdown, chosen: { ...chosen, category: part.entry.label }, text, raw, n: part.n,
    });
    const plain = (text, raw) => ({ text, raw });
    const isRate = unit === "rate" || unit === "rate1";
    const write = (value) => (unit === "money" ? formats.money(value, currency) : formats.count(value));
    const rows = parts.map((part) => {
      const other = before.get(part.entry.label);
      const cells = [];
      if (isRate || unit === "days") {
        const shown = wording.figure(slices.about(options.breakdown), part, currency);
        cells.push({ ...cell(part, shown.headline, part.value), isWeak: shown.isWeak });
        if (isRate) cells.push(plain(shown.aside.replace("95% CI ", "") || formats.NOTHING, shown.aside));
        cells.push(plain(formats.count(part.n), part.n));
        if (compared) {
          const was = other && wording.figure(slices.about(options.breakdown), other, currency);
          cells.push(plain(was ? was.headline : formats.NOTHING, other ? other.value : null));
        }
        return { name: part.entry.label, cells };
      }
      cells.push(cell(part, write(part.num), part.num));
      if (unit === "money") cells.push(plain(formats.count(part.n), part.n));
      if (!options.ends) {
        const share = isTooFew || !part.all ? null : part.num / part.all;
        cells.push({ ...plain(formats.percent(share), share), isWeak: isFew });
        const upTo = isTooFew || !part.all ? null : part.upTo / part.all;
        cells.push({ ...plain(formats.percent(upTo), upTo), isWeak: isFew });
      }
      if (compared) cells.push(plain(write(other ? other.num : 0), other ? other.num : 0));
      return { name: part.entry.label, cells };
    });
    const counted = noun.charAt(0).toUpperCase() + noun.slice(1);
    const head = isRate ? [title, "95% interval", `of ${noun}`] : unit === "days" ? [title, counted]
      : unit === "money" ? ["Amount", counted] : [counted];
    if (!isRate && unit !== "days" && !options.ends) head.push("Share", "Cumulative");
    if (compared) head.push(compared.charAt(0).toUpperCase() + compared.slice(1));
    return { head: [options.categories || "Category", ...head], rows };
  }

  function mark(element, cell) {
    if (!cell.metric) return;
    element.className = `figure${cell.isWeak ? " weak" : ""}`;
    element.dataset.metric = cell.metric;
    element.dataset.value = cell.raw == null ? "" : String(cell.raw);
    if (cell.n != null) element.dataset.n = String(cell.n);
    for (const [name, slug] of Object.entries(cell.chosen)) element.dataset[name] = slug;
  }

  /* From a source to what came back of it, with all else that was chosen. */
  function toSource({ name, source }) {
    const link = document.createElement("a");
    link.href = "handoff.html#reasons";
    const given = new URLSearchParams(Onefunnel.shell.query());
    given.set("source", source);
    link.search = `?${given}`;
    link.title = "What came back of this source?";
    link.textContent = name;
    return link;
  }

  function render(holder, table, caption) {
    holder.replaceChildren(built(table, caption));
  }

  function built(table, caption) {
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
      name.append(row.source && row.source !== "all" ? toSource(row) : row.name);
      line.append(name);
      for (const cell of row.cells) {
        const span = document.createElement("span");
        span.textContent = cell.text;
        if (cell.isWeak) span.className = "weak";
        mark(span, cell);
        const place = line.insertCell();
        if (cell.heat != null) place.className = `heat heat-${cell.heat}`;
        if (cell.title) place.title = cell.title;
        place.append(span);
      }
    }
    return element;
  }

  function csv(table) {
    const lines = [table.head, ...table.rows.map((row) => [
      row.name, ...row.cells.map((cell) => (cell.raw === undefined ? cell.text : cell.raw)),
    ])];
    return `\ufeff${lines.map((line) => line.map(formats.csvCell).join(",")).join("\r\n")}\r\n`;
  }

  /* A table that Python wrote into the page, read back. */
  function written(holder) {
    const lines = [...holder.querySelectorAll("tr:not([hidden])")].map((line) => [...line.cells]);
    const raw = (cell) => {
      const given = cell.dataset.raw;
      return given === undefined ? cell.textContent.trim() : cell.dataset.text ? given : given === "" ? null : Number(given);
    };
    return {
      head: lines[0].map((cell) => cell.textContent.trim()),
      rows: lines.slice(1).map(([name, ...rest]) => ({
        name: raw(name), cells: rest.map((cell) => ({ text: cell.textContent.trim(), raw: raw(cell) })),
      })),
    };
  }

  const of = (kind, context) => charts.kinds[kind].table(context);

  Onefunnel.tables = { of, render, csv, mark, bySource, byCategory, written };
})();
