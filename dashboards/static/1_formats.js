"use strict";
/* How numbers and dates are written: the same words as formats.py, rounding half up on the decimal
   digits that a reader sees. */
const Onefunnel = {};

(() => {
  const SYMBOLS = { USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹", BRL: "R$" };
  const STEPS = [["", 1], ["k", 1e3], ["M", 1e6], ["B", 1e9], ["T", 1e12]];
  const NOTHING = "–";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  /* Shifting the decimal point in the text avoids binary fractions: 1.005 becomes 1.01. */
  function shifted(value, by) {
    const [digits, exponent] = String(value).split("e");
    return Number(`${digits}e${Number(exponent || 0) + by}`);
  }

  function halfUp(value, digits = 0) {
    const size = shifted(Math.round(shifted(Math.abs(value), digits)), -digits);
    return value < 0 ? -size : size;
  }

  function grouped(value, digits = 0) {
    const [whole, part] = Math.abs(value).toFixed(digits).split(".");
    const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (part ? `.${part}` : "");
    return value < 0 && Number(text.replace(/,/g, "")) !== 0 ? `−${text}` : text;
  }

  const count = (value) => (value == null ? NOTHING : grouped(halfUp(value)));

  function money(value, currency) {
    if (value == null) return NOTHING;
    const size = Math.abs(value);
    const symbol = SYMBOLS[currency] || `${currency} `;
    for (let place = 0; place < STEPS.length; place += 1) {
      const [suffix, step] = STEPS[place];
      const scaled = size / step;
      const digits = !suffix || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
      const shown = halfUp(scaled, digits);
      if (shown < 1000 || place === STEPS.length - 1) {
        return `${value < 0 ? "−" : ""}${symbol}${grouped(shown, digits)}${suffix}`;
      }
    }
    return NOTHING;
  }

  const percent = (value, digits = 0) =>
    value == null ? NOTHING : `${halfUp(value * 100, digits).toFixed(digits)}%`;

  function days(value) {
    if (value == null) return NOTHING;
    const digits = Number.isInteger(value) ? 0 : 1;
    const shown = halfUp(value, digits);
    return `${grouped(shown, digits)} day${Math.abs(shown) === 1 ? "" : "s"}`;
  }

  /* Business time. */
  function minutes(value) {
    if (value == null) return NOTHING;
    return halfUp(value) < 60 ? `${halfUp(value)} min` : `${halfUp(value / 60, 1).toFixed(1)} h`;
  }

  const isDuration = (unit) => unit === "days" || unit === "minutes";
  const duration = (unit, value) => (unit === "minutes" ? minutes(value) : days(value));

  function day(iso) {
    const [year, month, date] = iso.slice(0, 10).split("-").map(Number);
    return `${date} ${MONTHS[month - 1]} ${year}`;
  }

  function span(starts, ends) {
    if (Number(starts.slice(0, 4)) <= 1900) return `up to ${day(ends)}`;
    const first = starts.slice(0, 4) === ends.slice(0, 4) ? day(starts).slice(0, -5) : day(starts);
    return `${first} – ${day(ends)}`;
  }

  const month = (iso) => `${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`;

  function age(hours) {
    if (hours < 1) return "under 1 hour";
    if (hours < 48) return `${Math.floor(hours)} hour${Math.floor(hours) === 1 ? "" : "s"}`;
    return `${Math.floor(hours / 24)} days`;
  }

  /* Names as people say them. */
  const listed = (names) => [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");

  /* A spreadsheet would run such a text as a formula. */
  function csvCell(value) {
    if (typeof value === "number") return String(value);
    let text = value == null ? "" : String(value);
    if (/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }

  Onefunnel.formats = {
    NOTHING, halfUp, count, money, percent, days, isDuration, duration, day, span, month, age, listed, csvCell,
  };
})();
