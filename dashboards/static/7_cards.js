/* Cards: drawing, and the buttons Table, CSV and PNG. */
(() => {
  const { charts, tables } = Onefunnel;
  const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };

  function clone(value) {
    return JSON.parse(JSON.stringify(value));
  }

  function ready(card, context, isDark) {
    const figure = clone(card.figure);
    const own = { ...context, options: card.options };
    const isAny = charts.kinds[card.kind](figure, own);
    figure.layout.autosize = false;
    return { isAny, figure: isDark ? charts.recoloured(figure, context.dark) : figure };
  }

  function draw(section, card, context, isDark) {
    const holder = section.querySelector(".chart");
    if (!holder) return;
    const { isAny, figure } = ready(card, context, isDark);
    const empty = section.querySelector(".empty");
    empty.hidden = isAny;
    empty.textContent = isAny ? "" : "Nothing here for this choice. Choose a longer period, or reset the filters.";
    holder.classList.toggle("is-empty", !isAny);
    figure.layout.width = Math.max(200, holder.clientWidth);
    figure.layout.height = holder.clientHeight;
    return Plotly.react(holder, figure.data, figure.layout, CONFIG);
  }

  function legend(section, card, context, isDark) {
    const list = section.querySelector(".legend");
    if (!list) return;
    const entries = card.figure.data.map((trace, number) => {
      const colour = isDark ? context.dark[trace.marker.color] || trace.marker.color : trace.marker.color;
      const item = document.createElement("li");
      const swatch = document.createElement("span");
      swatch.className = "swatch";
      swatch.style.backgroundColor = colour;
      const entry = context.slices.dims.source[number + 1];
      item.append(swatch, entry.label);
      item.hidden = context.chosen.source !== "all" && context.chosen.source !== entry.slug;
      return item;
    });
    list.replaceChildren(...entries);
  }

  function table(section, card, context) {
    const holder = section.querySelector(".table");
    if (!holder.hidden) tables.render(holder, tables.of(card.kind, { ...context, options: card.options }), card.title);
  }

  function save(name, href) {
    const link = document.createElement("a");
    link.download = name;
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  }

  const fileName = (section, context, ending) =>
    `onefunnel-${section.dataset.card}-${Object.values(context.chosen).join("-")}.${ending}`;

  async function png(section, card, context, isDark) {
    const holder = section.querySelector(".chart");
    const { figure } = ready(card, context, isDark);
    const colours = isDark ? { paper: "#171d25" } : { paper: "#ffffff" };
    const { layout } = figure;
    layout.width = holder.clientWidth;
    layout.height = holder.clientHeight + 92;
    layout.paper_bgcolor = colours.paper;
    layout.margin.t += 56;
    layout.margin.b += 36;
    layout.title = { text: card.title, x: 0, xref: "container", pad: { l: 14 }, y: 0.97, yanchor: "top", font: { size: 16, weight: 700 } };
    layout.annotations = [...(layout.annotations || []), {
      text: context.foot, xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top",
      yshift: -layout.margin.b + 26, xshift: -layout.margin.l + 14, showarrow: false, font: { size: 11, color: layout.template.layout.xaxis.tickfont.color },
    }];
    const address = await Plotly.toImage({ data: figure.data, layout }, { format: "png", width: layout.width, height: layout.height, scale: 2 });
    save(fileName(section, context, "png"), address);
  }

  function csv(section, card, context) {
    const text = tables.csv(tables.of(card.kind, { ...context, options: card.options }));
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    save(fileName(section, context, "csv"), address);
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  function showTable(section, button, isShown) {
    button.setAttribute("aria-pressed", String(isShown));
    button.textContent = isShown ? "Chart" : "Table";
    section.querySelector(".table").hidden = !isShown;
    section.querySelector(".chart").hidden = isShown;
  }

  Onefunnel.cards = { draw, legend, table, png, csv, showTable };
})();
