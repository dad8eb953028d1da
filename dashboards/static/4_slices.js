/* Looking figures up by what was chosen. Nothing is summed: each choice has its own numbers. */
(() => {
  const COMPARES = ["current", "prior", "year_ago"];

  function running(differences) {
    const places = new Map();
    let key = 0;
    differences.forEach((step, row) => {
      key += step;
      places.set(key, row);
    });
    return places;
  }

  /* Where the categories of each place begin, and the running totals, which are shipped as what they
     are beyond the numbers. */
  function unpacked(packed) {
    const places = running(packed.keys);
    let at = 0;
    const starts = packed.counts.map((count) => {
      const start = at;
      at += count;
      return start;
    });
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
    return { ...packed, cum, places, starts };
  }

  class Slices {
    constructor(payload) {
      this.dims = payload.dims;
      this.metrics = payload.metrics;
      this.columns = payload.slices.columns;
      for (const [name, column] of Object.entries(this.columns)) {
        if (typeof column === "string") this.columns[name] = this.columns[column];
      }
      this.rows = running(payload.slices.keys);
      this.funnel = payload.funnel;
      this.funnelRows = payload.funnel ? running(payload.funnel.keys) : null;
      this.breakdowns = {};
      for (const [slug, packed] of Object.entries(payload.breakdowns || {})) {
        this.breakdowns[slug] = unpacked(packed);
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
      for (const name of ["segment", "region", "source"]) {
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
      return ["segment", "region", "source"].filter((name) => chosen[name] !== "all").length;
    }

    tooManyChosen(most) {
      const kept = ["everybody only", "one of segment, region and source at a time", "two of segment, region and source at a time"][most];
      return `To stay quick, this page keeps ${kept} here: reset a filter.`;
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
      const row = this.funnelRows.get(this.place(chosen, "current"));
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
      const along = ["segment", "region", "source"].filter((name) => chosen[name] !== "all");
      if (along.length > 1) return null;
      const key = along.length ? `${along[0]}:${chosen[along[0]]}` : "all";
      return (this.trend.lines[slug] || {})[key] || null;
    }
  }

  Onefunnel.Slices = Slices;
})();
