/* Tiles: a figure with its interval, what it is compared with, its target and its line. */
(() => {
  const { formats, wording, tables } = Onefunnel;

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function tile(element, view) {
    const { slices, chosen, currency } = view;
    const slug = element.dataset.tile;
    const { metric, found, before } = view.lookUp(slug);
    const shown = wording.figure(metric, found, currency);
    const said = wording.change(metric, found, before, view.compared, currency);
    const value = element.querySelector(".value");
    put(value, shown.headline);
    tables.mark(value, view.figureData(slug, found));
    value.className = `figure value${shown.isWeak ? " weak" : ""}`;
    put(element.querySelector(".aside"), beside(metric, view) || shown.aside);
    const missing = slug === "pipeline_created" && slices.metrics.amount_missing
      ? slices.look("amount_missing", chosen).value : 0;
    put(element.querySelector(".of"), shown.detail);
    const change = element.querySelector(".change");
    put(change, `${said.arrow} ${said.text}`);
    change.className = `change ${said.tone}`;
    const without = missing ? `${formats.count(missing)} without amount or rate` : "";
    const goal = wording.aim(metric, found, target(metric, view), currency);
    const aim = element.querySelector(".aim");
    put(aim, goal.text);
    aim.className = `aim ${goal.tone}`;
    const more = said.text || said.rest || without;
    put(element.querySelector(".sep"), shown.detail && more ? " · " : "");
    put(element.querySelector(".rest"), [said.rest, without].filter(Boolean).join(" · "));
    put(element.querySelector(".about .n"), `${formats.count(found.n)} records`);
    put(element.querySelector(".about .certainty"), shown.aside || "a count, no sample");
    const line = slices.line(slug, chosen);
    element.querySelector(".spark").classList.toggle("is-empty", !line);
    element.querySelector("polyline").setAttribute("points", line ? points(line.slice(0, -1)) : "");
  }

  /* Targets are for everybody. */
  function target(metric, { targets, chosen }) {
    return Onefunnel.slot(chosen) === "all" ? (targets[metric.target] || {})[chosen.period] : null;
  }

  /* A second figure that belongs to the first, as the influenced share to the sourced one. */
  function beside(metric, { slices, chosen, currency }) {
    if (!metric.beside) return "";
    const other = slices.metrics[metric.beside];
    return `${metric.besideWord} ${wording.short(other, slices.look(metric.beside, chosen), currency)}`;
  }

  /* The same box and rounding as sparkline() in view.py. */
  function points(values) {
    const known = values.map((value, place) => [place, value]).filter(([, value]) => value != null);
    if (known.length < 2) return "";
    const numbers = known.map(([, value]) => value);
    const low = Math.min(...numbers);
    const extent = Math.max(...numbers) - low || 1;
    return known.map(([place, value]) =>
      `${(2 + (place * 92) / 11).toFixed(1)},${(28 - ((value - low) / extent) * 24).toFixed(1)}`).join(" ");
  }

  Onefunnel.tiles = { tile };
})();
