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
    put(element.querySelector(".aside"), shown.aside);
    const missing = slug === "pipeline_created" && slices.metrics.amount_missing
      ? slices.look("amount_missing", chosen).value : 0;
    put(element.querySelector(".of"), shown.detail);
    const change = element.querySelector(".change");
    put(change, `${said.arrow} ${said.text}`);
    change.className = `change ${said.tone}`;
    const without = missing ? `${formats.count(missing)} without amount` : "";
    const target = aim(metric, view);
    const more = said.text || said.rest || without || target;
    put(element.querySelector(".sep"), shown.detail && more ? " · " : "");
    put(element.querySelector(".rest"), [said.rest, without, target].filter(Boolean).join(" · "));
    put(element.querySelector(".about .n"), `${formats.count(found.n)} records`);
    put(element.querySelector(".about .certainty"), shown.aside || "a count, no sample");
    const line = slices.line(slug, chosen);
    element.querySelector(".spark").classList.toggle("is-empty", !line);
    element.querySelector("polyline").setAttribute("points", line ? points(line.slice(0, -1)) : "");
  }

  /* Targets are for a quarter and for everybody. */
  function aim(metric, { targets, chosen, currency }) {
    const target = (targets[metric.target] || {})[chosen.period];
    const isAll = ["segment", "region", "source"].every((name) => chosen[name] === "all");
    if (target === undefined || !isAll) return "";
    return `target ${wording.short(metric, { value: target }, currency)}`;
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
