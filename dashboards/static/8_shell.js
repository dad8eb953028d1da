/* What every page has beside figures: dark or light, how fresh the data is, where popovers stand. */
(() => {
  const { formats } = Onefunnel;
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  /* Dark or light: as chosen here before, else as the system says. */
  const system = matchMedia("(prefers-color-scheme: dark)");
  let isPrinting = false;
  /* Charts are drawn for the width of a sheet before it is laid out. */
  const printing = (isNow) => {
    isPrinting = isNow;
    root.classList.toggle("on-paper", isNow);
  };
  function kept() {
    try {
      return localStorage.getItem("onefunnel-theme");
    } catch {
      return null;
    }
  }
  const isDark = () => !isPrinting && (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  if (["dark", "light"].includes(kept())) root.dataset.theme = kept();

  /* Age is judged when read: how old the data was when the page was built, and how old the page is. */
  function freshness(run) {
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
    const banner = document.getElementById("late");
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

  function listen(render) {
    const here = document.querySelector("nav [aria-current]");
    if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 60;
    document.querySelector(".theme").addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("onefunnel-theme", root.dataset.theme);
      } catch { /* Some browsers keep nothing for files; the choice then lasts for this page. */ }
      void render();
    });
    system.addEventListener("change", () => void render());
    for (const about of all("[popover]")) about.addEventListener("toggle", placePopover);
  }

  Onefunnel.shell = { isDark, printing, isOnPaper: () => isPrinting, freshness, listen, put };
})();
