/* Kind models: what each model of attribution gives a channel, and the spread between them. */
(() => {
  const { formats, charts, kind } = Onefunnel;

  const key = ({ chosen }) => Onefunnel.slot(chosen);

  function rows(context) {
    const { attribution, chosen } = context;
    const found = (attribution.cells[chosen.period] || {})[key(context)] || { total: 0, rows: [] };
    return found.rows.map(([channel, ...numbers]) => {
      const row = Object.fromEntries(attribution.columns.map((name, place) => [name, numbers[place]]));
      const models = attribution.models.map((model) => row[model.slug]);
      const [lowest, highest] = [Math.min(...models), Math.max(...models)];
      return {
        ...row, entry: attribution.channels[channel], total: found.total, lowest, highest,
        spread: row.spread + highest - lowest,
      };
    });
  }

  function draw(figure, context) {
    const found = rows(context);
    const names = found.map((row) => charts.plotText(row.entry));
    const share = (row, name) => (row.total ? row[name] / row.total : 0);
    const [spread, ...marks] = figure.data;
    spread.y = names;
    spread.base = found.map((row) => share(row, "lowest"));
    spread.x = found.map((row) => share(row, "spread"));
    context.attribution.models.forEach((model, place) => {
      const trace = marks[place];
      trace.y = names;
      trace.x = found.map((row) => share(row, model.slug));
      trace.customdata = found.map((row) => `${charts.plotText(row.entry)}, ${model.label}: `
        + `${formats.money(row[model.slug], context.currency)}, ${formats.percent(share(row, model.slug))}`);
    });
    charts.lying(figure.layout, found.map((row) => row.entry), found.map((row) => ({
      text: context.isNarrow
        ? `${formats.percent(share(row, "lowest"))}–${formats.percent(share(row, "highest"))}`
        : `${formats.percent(share(row, "lowest"))} to ${formats.percent(share(row, "highest"))}`,
    })), context);
    const end = Math.max(0.05, ...found.map((row) => share(row, "highest"))) * 1.06;
    figure.layout.xaxis.range = [-end * 0.03, end];
    return found.length > 0;
  }

  function table(context) {
    const { attribution, chosen, currency } = context;
    const money = (row, slug) => ({
      metric: `attribution_${slug}`, chosen: { ...chosen, channel: row.entry.label },
      text: formats.money(row[slug], currency), raw: row[slug],
    });
    return {
      head: ["Channel", ...attribution.models.map((model) => model.label), "Spread"],
      rows: rows(context).map((row) => ({
        name: row.entry.label,
        cells: [...attribution.models.map((model) => money(row, model.slug)), money(row, "spread")],
      })),
    };
  }

  kind("models", {
    draw, table,
    none: (context) => (key(context) === null
      ? "Attribution is kept along one filter at a time: choose only one of segment, region and source." : ""),
  });
})();
