/* The page: what was chosen, kept in the address; every figure follows it. */
(() => {
  const { formats, wording, tables, cards, tiles, shell } = Onefunnel;
  const { put, isDark } = shell;
  const root = document.documentElement;
  const payload = JSON.parse(document.getElementById("payload").textContent);
  const FILTERS = ["period", "compare", "segment", "region", "source"];
  // Links to pages, which take along what was chosen.
  const KEEPING = "nav a, a.kept";
  const COMPARES = ["prior", "year_ago", "none"];
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const form = document.querySelector(".filters form");
  let slices = null;
  let chosen = null;

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
    if (chosen.compare === "none" || slices.chosenCount(chosen) > payload.kept.before) return null;
    return period().compares[chosen.compare] || null;
  }

  function lookUp(slug) {
    return {
      metric: slices.metrics[slug],
      found: slices.look(slug, chosen),
      before: compared() ? slices.look(slug, chosen, chosen.compare) : null,
    };
  }

  function figureData(slug, found) {
    const raw = Onefunnel.formats.isDuration(slices.metrics[slug].unit) && !found.n ? null : found.value;
    const { compare, ...place } = chosen;
    return { metric: slug, chosen: place, raw, n: found.n };
  }

  function answer(given) {
    const holder = document.querySelector(".answer");
    if (!holder || !payload.answer.length) return;
    const parts = (slug) => (slices.breakdowns[slug] ? slices.parts(slug, chosen) : null);
    const pieces = wording.answer(payload.answer, lookUp, parts, period().label, given.compared, given.currency);
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
    for (const name of Onefunnel.PLACES) {
      const entry = payload.dims[name][slices.index(name, chosen[name])];
      if (entry.slug !== "all") parts.push(`${name} ${entry.label}`);
    }
    return parts.join(" · ");
  }

  /* Everything that tiles and cards look at; a page without filters has no slices. */
  function context() {
    const other = slices ? compared() : null;
    const { run, colours, dark, targets, attribution } = payload;
    const foot = `${slices ? `${applied()} · ` : ""}data through ${formats.day(run.asOf)}, run ${run.id}`;
    return {
      slices, chosen: chosen || {}, colours, dark, targets, attribution, asOf: run.asOf, currency: run.currency, lookUp, figureData,
      compare: other ? chosen.compare : "",
      compared: other ? other.label : "",
      isNarrow: innerWidth < 560 || shell.isOnPaper(),
      foot: foot.replace(/[<>&]/g, ""),
    };
  }

  /* Charts follow each other in tasks of their own when the page opens, so that it answers meanwhile;
     whatever is chosen in between draws all of them at once and ends this. */
  const breath = () => new Promise((done) => setTimeout(done));
  let turns = 0;

  async function render(isOpening = false) {
    turns += 1;
    const turn = turns;
    if (!slices) return;
    for (const name of FILTERS) form.elements[name].value = chosen[name];
    form.elements.compare.disabled = !Object.keys(period().compares).length;
    const given = context();
    for (const element of all("[data-tile]")) tiles.tile(element, given);
    answer(given);
    put(document.querySelector(".applied"), applied());
    for (const link of all(KEEPING)) link.search = query();
    const isBeyond = slices.chosenCount(chosen) > payload.kept.now;
    const beyond = document.querySelector(".beyond");
    const isAsked = Boolean(period().compares[chosen.compare]);
    const without = isAsked ? slices.leftOut(chosen) : "";
    put(beyond, isBeyond ? slices.tooManyChosen(payload.kept.now)
      : without ? `To stay quick, this page leaves out ${without} for this choice: reset a filter to compare.` : "");
    beyond.hidden = !beyond.textContent;
    const waiting = [];
    const drawn = [];
    for (const section of all("[data-card]")) {
      const card = payload.cards[section.dataset.card];
      cards.legend(section, card, given, isDark());
      cards.table(section, card, given);
      cards.about(section, card, given);
      const chart = section.querySelector(".chart");
      if (chart && !chart.hidden) waiting.push([section, card]);
    }
    for (const [section, card] of waiting) {
      if (isOpening) await breath();
      if (turn !== turns) return;
      drawn.push(cards.draw(section, card, given, isDark()));
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

  function listenTo(section) {
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

  function listen() {
    shell.listen(render);
    for (const section of all("[data-card]")) listenTo(section);
    addEventListener("beforeprint", () => { shell.printing(true); void render(); });
    addEventListener("afterprint", () => { shell.printing(false); void render(); });
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
  }

  shell.query = () => (slices ? query() : location.search);

  async function start() {
    shell.freshness(payload.run);
    setInterval(() => shell.freshness(payload.run), 60_000);
    if (payload.dims) {
      slices = new Onefunnel.Slices(payload);
      chosen = fromAddress();
    } else {
      for (const link of all(KEEPING)) link.search = location.search;
    }
    listen();
    await render(true);
    root.dataset.ready = "1";
  }

  start().catch((error) => {
    const banner = document.getElementById("late");
    banner.hidden = false;
    put(banner, "The figures of this page could not be shown. Reload it; if that does not help, tell whoever runs the pipeline.");
    root.dataset.ready = "failed";
    throw error;
  });
})();
