/* Looking figures up by what was chosen: each choice has its own numbers, as the mart computed them. */
(() => {
  const COMPARES = ["current", "prior", "year_ago"];
  const PLACES = ["segment", "region", "source"];
  const NESTED = ["num", "den", "n"];

  function running(differences) {
    let key = 0;
    return differences.map((step) => {
      key += step;
      return key;
    });
  }

  /* The filters that are set; a page without filters sets none. */
  const along = (chosen, places = PLACES) => places.filter((name) => (chosen[name] || "all") !== "all");

  /* What is kept along one filter at a time, by that filter and its choice; null when two are set. */
  function slot(chosen, places = PLACES) {
    const [name, another] = along(chosen, places);
    return another ? null : name ? `${name}:${chosen[name]}` : "all";
  }

  const rowsOf = (keys) => new Map(keys.map((key, row) => [key, row]));

  /* The numbers of each metric, made whole; money comes in cents. */
  function columnsOf(columns, keys, metrics, sizes) {
    const whole = Onefunnel.nested.wholes(keys, sizes);
    return Object.fromEntries(Object.entries(columns).map(([name, given]) => {
      const column = typeof given === "string" ? columns[given] : given;
      const [slug, part] = name.split(".");
      if (!NESTED.includes(part)) return [name, column];
      const isCents = part !== "n" && metrics[slug].unit.startsWith("money");
      return [name, isCents ? whole(column).map((value) => value / 100) : whole(column)];
    }));
  }

  function stagesOf(funnel, sizes) {
    const { stages } = funnel;
    const keys = running(funnel.keys);
    const whole = Onefunnel.nested.wholes(
      keys.flatMap((key) => stages.map(() => key)), sizes, keys.flatMap(() => stages.map((_, stage) => stage)),
    );
    const lists = ["reached", "undecided", "skipped"].map((name) => [name, whole(funnel[name])]);
    return { stages, rows: rowsOf(keys), ...Object.fromEntries(lists) };
  }

  /* Where the categories of each place begin, and the running totals, which are shipped as what they
     are beyond the numbers. A list that is named stands in another breakdown. */
  function unpacked(given, breakdowns, sizes) {
    const packed = Object.fromEntries(Object.entries(given).map(([name, list]) => {
      if (typeof list !== "string") return [name, list];
      const [slug, part] = list.split(".");
      return [name, breakdowns[slug][part]];
    }));
    const keys = running(packed.keys);
    const places = rowsOf(keys);
    let at = 0;
    const starts = packed.counts.map((count) => {
      const start = at;
      at += count;
      return start;
    });
    const whole = Onefunnel.nested.wholes(
      packed.counts.flatMap((count, row) => Array(count).fill(keys[row])), sizes, packed.category,
    );
    for (const name of NESTED) if (packed[name]) packed[name] = whole(packed[name]);
    const cum = packed.cum && [...packed.cum];
    if (cum) {
      packed.counts.forEach((count, place) => {
        let total = 0;
        for (let row = starts[place]; row < starts[place] + count; row += 1) {
          total += packed.num[row] + cum[row];
          cum[row] = total;
        }
      });
    }
    // Whether anything is kept to compare with: the movement of a period has no other beside it.
    const window = sizes.reduce((product, size) => product * size, COMPARES.length);
    const isCompared = keys.some((key) => key % window >= window / COMPARES.length);
    return { ...packed, cum, places, starts, isCompared };
  }

  class Slices {
    constructor(payload) {
      this.dims = payload.dims;
      this.metrics = payload.metrics;
      const sizes = PLACES.map((name) => this.dims[name].length);
      const keys = running(payload.slices.keys);
      this.columns = columnsOf(payload.slices.columns, keys, this.metrics, sizes);
      this.rows = rowsOf(keys);
      this.funnel = payload.funnel ? stagesOf(payload.funnel, sizes) : null;
      this.breakdowns = {};
      for (const [slug, packed] of Object.entries(payload.breakdowns)) {
        this.breakdowns[slug] = unpacked(packed, payload.breakdowns, sizes);
      }
      this.kept = payload.kept;
      this.described = payload.described || {};
      this.trend = payload.trend;
      this.months = payload.months;
    }

    index(name, slug) {
      const found = this.dims[name].findIndex((entry) => entry.slug === slug);
      return found < 0 ? 0 : found;
    }

    place(chosen, compare) {
      let place = this.index("period", chosen.period) * COMPARES.length + COMPARES.indexOf(compare);
      for (const name of PLACES) {
        place = place * this.dims[name].length + this.index(name, chosen[name]);
      }
      return place;
    }

    /* One figure: numerator, denominator, value, n; empty when nothing was recorded. */
    look(slug, chosen, compare = "current") {
      const metric = this.metrics[slug];
      const row = this.rows.get(this.place(chosen, compare));
      const at = (name) => {
        const column = this.columns[`${slug}.${name}`];
        return row === undefined || !column ? null : column[row];
      };
      if (Onefunnel.formats.isDuration(metric.unit)) {
        return { value: at("value"), p25: at("p25"), p75: at("p75"), n: at("n") || 0 };
      }
      const num = at("num") || 0;
      if (metric.unit === "count") return { num, value: num, n: num };
      if (metric.unit === "money") return { num, value: num, n: at("n") || 0 };
      const den = at("den") || 0;
      const n = metric.unit === "money_share" ? at("n") || 0 : den;
      return { num, den, value: den ? num / den : null, n };
    }

    chosenCount(chosen) {
      return along(chosen).length;
    }

    tooManyChosen(most) {
      const kept = ["everybody only", "one of segment, region and source at a time", "two of segment, region and source at a time"][most];
      return `To stay quick, this page keeps ${kept} here: reset a filter.`;
    }

    /* Whether the page leaves out what was asked to be compared with, or the part of it that a card
       shows by category. */
    leftOut(chosen) {
      if (this.chosenCount(chosen) > this.kept.before) return "the comparison";
      const isAny = Object.values(this.breakdowns).some((packed) => packed.isCompared);
      return isAny && this.chosenCount(chosen) > this.kept.partsBefore ? "some comparisons" : "";
    }

    /* Whether a breakdown has something to compare with for this choice; nothing kept is not 0. */
    isCompared(slug, chosen) {
      return this.breakdowns[slug].isCompared && this.chosenCount(chosen) <= this.kept.partsBefore;
    }

    /* What a figure or a breakdown means: title, unit, noun. */
    about(slug) {
      return this.metrics[slug] || this.described[slug];
    }

    /* The categories of a breakdown as ranked by the mart, each with its numbers and `upTo`, the sum
       of those up to it; `all` is the last of these, the total. */
    parts(slug, chosen, compare = "current") {
      const found = this.breakdowns[slug];
      const row = found.places.get(this.place(chosen, compare));
      if (row === undefined) return [];
      const start = found.starts[row];
      const end = start + found.counts[row];
      const all = found.cum ? found.cum[end - 1] : null;
      return found.category.slice(start, end).map((category, step) => {
        const at = (name) => (found[name] ? found[name][start + step] : null);
        const part = { entry: found.categories[category], num: at("num"), upTo: at("cum"), all };
        if (found.den) {
          part.den = at("den");
          return { ...part, value: part.den ? part.num / part.den : null, n: part.den };
        }
        if (found.value) return { ...part, value: at("value"), p25: at("p25"), p75: at("p75"), n: at("n") };
        return { ...part, value: part.num, n: found.n ? at("n") : part.num };
      });
    }

    /* The same categories of what is compared with, by name; empty when nothing is. */
    before(slug, chosen, compare) {
      if (!compare || this.chosenCount(chosen) > this.kept.partsBefore) return new Map();
      return new Map(this.parts(slug, chosen, compare).map((part) => [part.entry.label, part]));
    }

    stages(chosen) {
      const { stages } = this.funnel;
      const row = this.funnel.rows.get(this.place(chosen, "current"));
      const at = (name, stage) =>
        row === undefined ? 0 : this.funnel[name][row * stages.length + stage];
      return stages.map((stage, number) => ({
        ...stage,
        reached: at("reached", number),
        undecided: at("undecided", number),
        skipped: at("skipped", number),
      }));
    }

    /* Amounts of a source by month, for the chosen segment and region. */
    amounts(chosen, source) {
      const slot = `${this.index("segment", chosen.segment)}.${this.index("region", chosen.region)}`;
      const found = (this.months.amounts[slot] || {})[source];
      return found || this.months.months.map(() => 0);
    }

    /* Months are kept along one dimension at a time: no line when two are chosen. */
    line(slug, chosen) {
      return (this.trend.lines[slug] || {})[slot(chosen)] || null;
    }
  }

  Object.assign(Onefunnel, { PLACES, slot, Slices });
})();
