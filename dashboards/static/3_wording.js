/* The words around a figure, as in wording.py: headline, interval, of how many, against what. */
(() => {
  const { formats, intervals } = Onefunnel;
  const { TOO_FEW, FEW } = intervals;
  const NONE = { arrow: "", text: "", tone: "", rest: "" };

  const isRate = (metric) => metric.unit === "rate" || metric.unit === "rate1";
  const digits = (metric) => (metric.unit === "rate1" ? 1 : 0);

  function short(metric, found, currency) {
    if (metric.unit === "count") return formats.count(found.value || 0);
    if (metric.unit === "money") return formats.money(found.value || 0, currency);
    if (formats.isDuration(metric.unit)) return formats.duration(metric.unit, found.value);
    return formats.percent(found.value, digits(metric));
  }

  function figure(metric, found, currency) {
    const shown = { headline: formats.NOTHING, aside: "", detail: "", isWeak: false };
    if (isRate(metric)) {
      if (!found.den) return { ...shown, detail: `0 ${metric.noun} in this period` };
      const of = `${formats.count(found.num)} of ${formats.count(found.den)}`;
      if (found.den < TOO_FEW) {
        return { ...shown, headline: of, detail: `${metric.noun}: too few for a rate`, isWeak: true };
      }
      const [low, high] = intervals
        .wilson(found.num, found.den)
        .map((end) => formats.halfUp(end * 100, digits(metric)).toFixed(digits(metric)));
      const few = found.den < FEW ? ": few, so read the interval" : "";
      return {
        headline: short(metric, found, currency),
        aside: `95% CI ${low}–${high}%`,
        detail: `${of} ${metric.noun}${few}`,
        isWeak: found.den < FEW,
      };
    }
    if (metric.unit === "money_share") {
      if (!found.den) return { ...shown, detail: "no pipeline in this period" };
      const top = formats.money(found.num, currency);
      return {
        ...shown,
        headline: short(metric, found, currency),
        detail: `${top} of ${formats.money(found.den, currency)}`,
      };
    }
    if (formats.isDuration(metric.unit)) {
      if (!found.n) return { ...shown, detail: `0 ${metric.noun} in this period` };
      if (found.n < TOO_FEW) {
        const detail = `${metric.noun}: too few for a median`;
        return { ...shown, headline: `n = ${formats.count(found.n)}`, detail, isWeak: true };
      }
      return {
        ...shown,
        headline: short(metric, found, currency),
        detail: `median of ${formats.count(found.n)} ${metric.noun}`,
      };
    }
    return { ...shown, headline: short(metric, found, currency) };
  }

  const still = (gap, step, was, label) =>
    `${gap ? `within ${step} of` : "no change from"} ${was}, ${label}`;

  function moved(metric, isUp, size, was, label) {
    let tone = "";
    if (metric.better === "up" || metric.better === "down") {
      tone = (metric.better === "up") === isUp ? "good" : "bad";
    }
    return {
      arrow: isUp ? "▲" : "▼",
      text: `${isUp ? "up" : "down"} ${size}`,
      tone,
      rest: `from ${was}, ${label}`,
    };
  }

  function change(metric, found, before, label, currency) {
    if (!before) return NONE;
    if (isRate(metric)) {
      if (Math.min(found.den, before.den) < TOO_FEW) {
        return { ...NONE, rest: `too few to compare with ${label}` };
      }
      const was = short(metric, before, currency);
      const differs = intervals.clearlyDiffer(found.num, found.den, before.num, before.den);
      const gap = (found.value - before.value) * 100;
      const points = formats.halfUp(Math.abs(gap), digits(metric));
      if (!differs || !points) return { ...NONE, rest: `no clear change from ${was}, ${label}` };
      return moved(metric, gap > 0, `${points.toFixed(digits(metric))} pts`, was, label);
    }
    if (metric.unit === "money_share") {
      if (!before.den) return { ...NONE, rest: `none in ${label}` };
      const was = short(metric, before, currency);
      if (!found.den) return { ...NONE, rest: `${was} in ${label}` };
      const gap = (found.value - before.value) * 100;
      const points = formats.halfUp(Math.abs(gap));
      if (!points) return { ...NONE, rest: still(gap, "1 pt", was, label) };
      return moved(metric, gap > 0, `${points} pts`, was, label);
    }
    if (formats.isDuration(metric.unit) && Math.min(found.n, before.n) < TOO_FEW) {
      return { ...NONE, rest: `too few to compare with ${label}` };
    }
    if (!before.value) return { ...NONE, rest: `none in ${label}` };
    const was = short(metric, before, currency);
    const ratio = (found.value || 0) / before.value - 1;
    const size = formats.halfUp(Math.abs(ratio) * 100);
    if (!size) return { ...NONE, rest: still(ratio, "1%", was, label) };
    return moved(metric, ratio > 0, `${formats.count(size)}%`, was, label);
  }

  /* How a figure stands against what was promised, as aim() in wording.py. */
  function aim(metric, found, target, currency) {
    if (!target) return { text: "", tone: "" };
    const goal = short(metric, { value: target }, currency);
    const isTooFew = metric.unit === "money_share" ? !found.den
      : metric.unit !== "money" && metric.unit !== "count" && records(metric, found) < TOO_FEW;
    if (isTooFew) return { text: `target ${goal}, too few to judge`, tone: "" };
    const value = found.value || 0;
    if (metric.unit === "money" || metric.unit === "count") {
      const part = formats.percent(value / target);
      if (value >= target) return { text: `▲ target ${goal} reached (${part})`, tone: "good" };
      return { text: `${part} of target ${goal}`, tone: "" };
    }
    const isReached = metric.better === "down" ? value <= target : value >= target;
    if (metric.unit === "days") {
      if (isReached) return { text: `▲ within target ${goal}`, tone: "good" };
      return { text: `▼ ${formats.days(Math.abs(value - target))} over target ${goal}`, tone: "bad" };
    }
    const points = formats.halfUp(Math.abs(value - target) * 100, digits(metric));
    const size = points.toFixed(digits(metric));
    if (metric.better === "none") {
      const side = value >= target ? "over" : "under";
      return { text: points ? `${size} pts ${side} target ${goal}` : `on target ${goal}`, tone: "" };
    }
    if (isReached) return { text: `▲ target ${goal} reached`, tone: "good" };
    return { text: `▼ ${size} pts under target ${goal}`, tone: "bad" };
  }

  const withArticle = (label) => (/^(prior|same)/.test(label) ? `the ${label}` : label);

  function records(metric, found) {
    return (isRate(metric) || metric.unit === "money_share" ? found.den : found.n) || 0;
  }

  const total = (parts) => parts.reduce((sum, part) => sum + part.n, 0);

  function said(part, lookUp, parts) {
    const categories = parts(part.needs);
    const { metric, found } = categories ? {} : lookUp(part.needs);
    const known = categories ? total(categories) : records(metric, found);
    if (!known) return part.otherwise;
    return part.few && known < TOO_FEW ? part.few : part.text;
  }

  /* The first category by name, or its share; of fewer than ten the count. Several that lead alike are
     all named, or two of them and how many others. */
  function leading(categories, form) {
    const [first] = categories;
    if (!first) return formats.NOTHING;
    const alike = categories.filter((one) => one === first || (one.num === first.num && !one.entry.gap));
    if (form === "top") {
      const names = alike.map((one) => one.entry.label);
      if (names.length > 3) names.splice(2, names.length, `${alike.length - 2} others`);
      return formats.listed(names);
    }
    const each = alike.length > 1 ? " each" : "";
    return total(categories) < TOO_FEW ? `${formats.count(first.num)} of ${formats.count(first.all)}${each}`
      : `${formats.percent(first.num / first.all)}${each}`;
  }

  /* The sentence under the title, as runs of text; a run with a metric is a figure. */
  function answer(sentences, lookUp, parts, period, compared, currency) {
    const pieces = [];
    for (const part of sentences) {
      for (const token of said(part, lookUp, parts).split(/(\{[a-z0-9_:]+\})/)) {
        if (!token.startsWith("{")) {
          pieces.push({ text: token });
          continue;
        }
        const [name, form] = token.slice(1, -1).split(":");
        if (name === "period") {
          pieces.push({ text: period });
          continue;
        }
        const categories = parts(name);
        if (categories) {
          pieces.push({ text: leading(categories, form) });
          continue;
        }
        const { metric, found, before } = lookUp(name);
        const shown = figure(metric, found, currency).headline;
        if (form === "change") {
          const moved = change(metric, found, before, compared, currency);
          pieces.push({ text: moved.text ? `, ${moved.text} on ${withArticle(compared)}` : "" });
        } else if (form === "of" && found.den >= TOO_FEW) {
          pieces.push({ text: short(metric, found, currency), metric: name });
          pieces.push({ text: ` of ${formats.count(found.den)} ${metric.noun}` });
        } else {
          pieces.push({ text: shown, metric: name });
          if (form === "of") pieces.push({ text: ` ${metric.noun}` });
        }
      }
      pieces.push({ text: " " });
    }
    return pieces.filter((piece) => piece.text);
  }

  Onefunnel.wording = { figure, aim, change, short, answer, isRate };
})();
