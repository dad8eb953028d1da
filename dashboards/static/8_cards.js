/* Cards: the chart or table of each kind, its legend, what it rests on, and the buttons. */
(() => {
  const { charts, tables, formats } = Onefunnel;
  const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };

  const clone = (value) => JSON.parse(JSON.stringify(value));

  /* All that a kind may look at. */
  function own(section, card, context) {
    const holder = section.querySelector(".chart");
    const width = holder ? holder.clientWidth : section.clientWidth;
    const { breakdown } = card.options;
    const isCompared = !breakdown || context.slices.isCompared(breakdown, context.chosen);
    const against = isCompared ? {} : { compare: "", compared: "" };
    return { ...context, ...against, section, options: card.options, grid: card.grid, width };
  }

  function ready(section, card, context, isDark) {
    const figure = clone(card.figure);
    const holder = section.querySelector(".chart");
    figure.layout.height = holder.clientHeight;
    const isAny = charts.kinds[card.kind].draw(figure, own(section, card, context));
    figure.layout.autosize = false;
    return { isAny, figure: isDark ? charts.recoloured(figure, context.dark) : figure };
  }

  /* A large company's page is kept light: some choices have no breakdown, which is said. */
  function left(card, context) {
    const { slices, chosen } = context;
    if (!slices) return "";
    const { breakdown, metric } = card.options;
    const most = breakdown ? slices.kept.parts : slices.kept.now;
    const bySource = metric && chosen.source === "all" ? 1 : 0;
    return (breakdown || metric) && slices.chosenCount(chosen) + bySource > most
      ? slices.tooManyChosen(most - bySource) : "";
  }

  /* Nobody is asked to reset a filter that was not set, nor for a longer period where none is longer
     or the card does not follow it. */
  function nothing(card, { slices, chosen }) {
    if (!slices || (card.grid && !Object.keys(card.grid.num).length)) return "Nothing here yet.";
    const ways = chosen.period === "all_time" || card.kind === "months" || card.grid ? [] : ["choose a longer period"];
    if (slices.chosenCount(chosen)) ways.push("reset the filters");
    const advice = ways.join(", or ");
    return `Nothing here for this choice.${advice ? ` ${advice[0].toUpperCase()}${advice.slice(1)}.` : ""}`;
  }

  function emptied(section, card, context, isAny) {
    const empty = section.querySelector(".empty");
    section.classList.toggle("has-none", !isAny);
    const { none } = charts.kinds[card.kind];
    empty.hidden = isAny;
    empty.textContent = isAny ? "" : (none && none(own(section, card, context))) || left(card, context) || nothing(card, context);
  }

  function draw(section, card, context, isDark) {
    const holder = section.querySelector(".chart");
    if (!holder) return null;
    holder.classList.remove("is-empty");
    const { isAny, figure } = ready(section, card, context, isDark);
    emptied(section, card, context, isAny);
    holder.classList.toggle("is-empty", !isAny);
    spoken(section, card, context, isAny);
    figure.layout.width = Math.max(200, holder.clientWidth);
    return Plotly.react(holder, figure.data, figure.layout, CONFIG);
  }

  /* What a screen reader says of a chart: its first lines; all of them are behind Table. */
  function spoken(section, card, context, isAny) {
    const holder = section.querySelector(".chart");
    const lines = isAny ? tables.of(card.kind, own(section, card, context)).rows.slice(0, 5) : [];
    const said = lines.map((row) => `${row.name} ${row.cells.slice(0, 2).map((cell) => cell.text).join(", ")}`);
    holder.setAttribute("aria-label", [card.title, ...said, "All numbers are behind the button Table."].join(". "));
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
    const kind = charts.kinds[card.kind];
    const holder = section.querySelector(".table");
    const given = own(section, card, context);
    if (kind.isWritten) {
      if (kind.isAny && holder.querySelector("tbody tr")) emptied(section, card, context, kind.isAny(given));
      return;
    }
    if (kind.isTable) {
      const isAny = kind.isAny ? kind.isAny(given) : true;
      emptied(section, card, context, isAny);
      holder.hidden = !isAny;
    }
    if (holder.hidden) return;
    const made = kind.table(given);
    if (!kind.isTable) emptied(section, card, context, made.rows.length > 0);
    tables.render(holder, made, card.title);
  }

  /* Tick marks have a meaning only while something is compared; the popover says what it rests on. */
  function about(section, card, context) {
    const ticks = section.querySelector(".ticks");
    if (ticks) {
      const { compare, compared } = own(section, card, context);
      ticks.hidden = !compare || !charts.kinds[card.kind].ticks;
      ticks.querySelector(".against").textContent = compared;
    }
    const rests = section.querySelector(".about .n");
    if (!rests) return;
    const { options } = card;
    let n = null;
    if (options.breakdown) n = charts.weight(context.slices.parts(options.breakdown, context.chosen)).n;
    else if (options.metric) n = context.slices.look(options.metric, context.chosen).n;
    if (n !== null) rests.textContent = `${formats.count(n)} records`;
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
    const address = charts.kinds[card.kind].isTable
      ? Onefunnel.pictures.ofTable(section.querySelector("table"), card.title, context.foot)
      : await Onefunnel.pictures.ofChart(section, card, ready(section, card, context, isDark).figure, context.foot, isDark);
    save(fileName(section, context, "png"), address);
  }

  function csv(section, card, context) {
    const text = tables.csv(tables.of(card.kind, own(section, card, context)));
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

  Onefunnel.cards = { draw, legend, table, about, png, csv, showTable };
})();
