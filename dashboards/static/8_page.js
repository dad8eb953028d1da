/* The page: what was chosen, kept in the address; every figure follows it. */
(() => {
  const { formats, wording, tables, cards } = Onefunnel;
  const root = document.documentElement;
  const payload = JSON.parse(document.getElementById("payload").textContent);
  const FILTERS = ["period", "compare", "segment", "region", "source"];
  const COMPARES = ["prior", "year_ago", "none"];
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const form = document.querySelector(".filters form");
  let slices = null;
  let chosen = null;

  /* Dark or light: as chosen here before, else as the system says. */
  const system = matchMedia("(prefers-color-scheme: dark)");
  let isPrinting = false;
  function kept() {
    try {
      return localStorage.getItem("onefunnel-theme");
    } catch {
      return null;
    }
  }
  const isDark = () => !isPrinting && (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  if (["dark", "light"].includes(kept())) root.dataset.theme = kept();

  function token(name) {
    return getComputedStyle(root).getPropertyValue(name).trim();
  }

  /* Only known slugs are taken from the address. */
  function fromAddress() {
    const given = new URLSearchParams(location.search);
    const known = (name, fallback) => {
      const slug = given.get(name);
      const slugs = name === "compare" ? COMPARES : payload.dims[name].map((entry) => entry.slug);
      return slugs.includes(slug) ? slug : fallback;
    };
    return {
      period: known("period", payload.defaults.period),
      compare: known("compare", payload.defaults.compare),
      segment: known("segment", "all"),
      region: known("region", "all"),
      source: known("source", "all"),
    };
  }

  function query() {
    const given = new URLSearchParams();
    const usual = { ...payload.defaults, segment: "all", region: "all", source: "all" };
    for (const name of FILTERS) if (chosen[name] !== usual[name]) given.set(name, chosen[name]);
    const text = given.toString();
    return text ? `?${text}` : "";
  }

  function period() {
    return payload.dims.period.find((entry) => entry.slug === chosen.period);
  }

  function compared() {
    const isNarrowed = ["segment", "region", "source"].every((name) => chosen[name] !== "all");
    if (chosen.compare === "none" || (payload.lean && isNarrowed)) return null;
    return period().compares[chosen.compare] || null;
  }

  function lookUp(slug) {
    return {
      metric: slices.metrics[slug],
      found: slices.look(slug, chosen),
      before: compared() ? slices.look(slug, chosen, chosen.compare) : null,
    };
  }

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function figureData(slug, found) {
    const raw = slices.metrics[slug].unit === "days" && !found.n ? null : found.value;
    const { compare, ...place } = chosen;
    return { metric: slug, chosen: place, raw, n: found.n };
  }

  function tile(element) {
    const slug = element.dataset.tile;
    const { metric, found, before } = lookUp(slug);
    const shown = wording.figure(metric, found, payload.run.currency);
    const other = compared();
    const said = wording.change(metric, found, before, other ? other.label : "", payload.run.currency);
    const value = element.querySelector(".value");
    put(value, shown.headline);
    tables.mark(value, figureData(slug, found));
    value.className = `figure value${shown.isWeak ? " weak" : ""}`;
    put(element.querySelector(".aside"), shown.aside);
    const missing = slug === "pipeline_created" && slices.metrics.amount_missing
      ? slices.look("amount_missing", chosen).value : 0;
    put(element.querySelector(".of"), shown.detail);
    
    const change = element.querySelector(".change");
    put(change, `${said.arrow} ${said.text}`);
    change.className = `change ${said.tone}`;
    const without = missing ? `${formats.count(missing)} without amount` : "";
    const target = aim(metric);
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
  function aim(metric) {
    const target = (payload.targets[metric.target] || {})[chosen.period];
    const isAll = ["segment", "region", "source"].every((name) => chosen[name] === "all");
    if (target === undefined || !isAll) return "";
    return `target ${wording.short(metric, { value: target }, payload.run.currency)}`;
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

  function answer() {
    const holder = document.querySelector(".answer");
    if (!holder) return;
    const other = compared();
    const pieces = wording.answer(payload.answer, lookUp, period().label, other ? other.label : "", payload.run.currency);
    const nodes = pieces.map((piece) => {
      if (!piece.metric) return document.createTextNode(piece.text);
      const span = document.createElement("span");
      span.textContent = piece.text;
      tables.mark(span, figureData(piece.metric, slices.look(piece.metric, chosen)));
      return span;
    });
    holder.replaceChildren(...nodes);
  }

  function applied() {
    const other = compared();
    const parts = [formats.span(period().starts, period().ends)];
    if (period().partial) parts[0] += " (still running)";
    if (other) parts.push(`compared with ${formats.span(other.starts, other.ends)}`);
    for (const name of ["segment", "region", "source"]) {
      const entry = payload.dims[name][slices.index(name, chosen[name])];
      if (entry.slug !== "all") parts.push(`${name} ${entry.label}`);
    }
    return parts.join(" · ");
  }

  function context() {
    const colours = { ink: "#1b2430", muted: "#5a6576", reference: "#434f60", paper: "#ffffff" };
    return {
      slices, chosen, colours, dark: payload.dark, currency: payload.run.currency,
      isNarrow: innerWidth < 560,
      foot: `Data through ${formats.day(payload.run.asOf)}, run ${payload.run.id}`.replace(/[<>&]/g, ""),
    };
  }

  async function render() {
    if (!slices) return;
    for (const name of FILTERS) form.elements[name].value = chosen[name];
    form.elements.compare.disabled = !Object.keys(period().compares).length;
    all("[data-tile]").forEach(tile);
    answer();
    put(document.querySelector(".applied"), applied());
    for (const link of all("nav a")) link.search = query();
    const given = context();
    const drawn = [];
    for (const section of all("[data-card]")) {
      const card = payload.cards[section.dataset.card];
      cards.legend(section, card, given, isDark());
      cards.table(section, card, given);
      const chart = section.querySelector(".chart");
      if (chart && !chart.hidden) drawn.push(cards.draw(section, card, given, isDark()));
    }
    await Promise.all(drawn);
  }

  function choose(next, isNew) {
    chosen = next;
    if (isNew) {
      const address = location.pathname + query();
      try {
        history.pushState(null, "", address);
      } catch {
        location.search = query();
        return;
      }
    }
    void render();
  }

  /* Age is judged when read: how old the data was when the page was built, and how old the page is. */
  function freshness() {
    const { run } = payload;
    const since = (Date.now() - Date.parse(run.builtAt)) / 3_600_000;
    const asOf = Date.parse(`${run.asOf}Z`);
    const late = [];
    let worst = "fresh";
    let oldest = 0;
    for (const [source, at] of Object.entries(run.sources)) {
      const hours = at ? Math.max(0, since + (asOf - Date.parse(`${at}Z`)) / 3_600_000) : null;
      const state = hours === null ? "unknown" : hours > run.staleHours ? "stale" : hours > run.lateHours ? "late" : "fresh";
      if (state === "stale" || (state === "late" && worst === "fresh")) worst = state;
      if (state === "late" || state === "stale") late.push(`${source} data is ${formats.age(hours)} old`);
      oldest = Math.max(oldest, hours || 0);
      for (const element of all(`[data-age="${source}"]`)) {
        element.dataset.freshness = state;
        put(element, hours === null ? "never read" : `${formats.age(hours)} old`);
      }
    }
    const badge = document.querySelector(".freshness");
    badge.dataset.freshness = worst;
    badge.title = late.join("; ") || `Both sources are fresh: the older is ${formats.age(oldest)} old`;
    const words = badge.querySelector(".words");
    if (worst !== "fresh") put(words, `${words.textContent.split(" ·")[0]} · ${worst}`);
    const banner = document.querySelector(".banner");
    if (worst === "stale") {
      banner.hidden = false;
      put(banner, `${late.join("; ")}: figures miss what happened since. Data health says more.`);
    }
  }

  function placePopover(event) {
    if (event.newState !== "open") return;
    const about = event.target;
    const button = document.querySelector(`[popovertarget="${about.id}"]`);
    const box = button.getBoundingClientRect();
    if (innerWidth < 560) {
      about.style.left = "";
      about.style.top = "";
      return;
    }
    const height = about.offsetHeight;
    const below = box.bottom + 8 + height <= innerHeight;
    about.style.left = `${Math.max(12, Math.min(box.left - 20, innerWidth - about.offsetWidth - 12))}px`;
    about.style.top = `${below ? box.bottom + 8 : Math.max(12, box.top - height - 8)}px`;
  }

  function listen() {
    document.querySelector(".theme").addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("onefunnel-theme", root.dataset.theme);
      } catch { /* Some browsers keep nothing for files; the choice then lasts for this page. */ }
      void render();
    });
    system.addEventListener("change", () => void render());
    for (const about of all("[popover]")) about.addEventListener("toggle", placePopover);
    if (!slices) return;
    form.addEventListener("change", () => {
      choose(Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value])), true);
    });
    form.addEventListener("click", async ({ target }) => {
      if (target.dataset.action === "reset") {
        choose({ ...payload.defaults, segment: "all", region: "all", source: "all" }, true);
      } else if (target.dataset.action === "link") {
        await navigator.clipboard.writeText(location.href).then(
          () => put(target, "Copied"),
          () => put(target, "Copy the address"),
        );
        setTimeout(() => put(target, "Copy link"), 2000);
      }
    });
    addEventListener("popstate", () => choose(fromAddress(), false));
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth !== width) void render();
      width = innerWidth;
    });
    addEventListener("beforeprint", () => { isPrinting = true; void render(); });
    addEventListener("afterprint", () => { isPrinting = false; void render(); });
    for (const section of all("[data-card]")) {
      const card = payload.cards[section.dataset.card];
      section.querySelector(".tools").addEventListener("click", ({ target }) => {
        const { tool } = target.dataset;
        if (tool === "csv") cards.csv(section, card, context());
        if (tool === "png") void cards.png(section, card, context(), isDark());
        if (tool === "table") {
          cards.showTable(section, target, section.querySelector(".table").hidden);
          void render();
        }
      });
    }
  }

  async function start() {
    freshness();
    setInterval(freshness, 60_000);
    if (payload.dims) {
      slices = new Onefunnel.Slices(payload);
      chosen = fromAddress();
    } else {
      for (const link of all("nav a")) link.search = location.search;
    }
    listen();
    await render();
    root.dataset.ready = "1";
  }

  start().catch((error) => {
    const banner = document.querySelector(".banner");
    banner.hidden = false;
    put(banner, "The figures of this page could not be shown. Reload it; if that does not help, tell whoever runs the pipeline.");
    root.dataset.ready = "failed";
    throw error;
  });
})();
