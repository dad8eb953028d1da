/* Kinds matrix and lines: shares of a grid, a real table with a heat map, and a line a row. Grids are
   kept along one filter at a time, and some along fewer filters or none: the others change nothing. */
(() => {
  const { formats, intervals, charts, kind } = Onefunnel;
  const { TOO_FEW, FEW } = intervals;
  const HEATS = 8;

  /* The filters along which the grid is kept, as following.py says them. */
  function kept({ grid }) {
    const slots = Object.keys(grid.num);
    return Onefunnel.PLACES.filter((name) => slots.some((slot) => slot.startsWith(`${name}:`)));
  }

  const key = ({ chosen, grid }) => Onefunnel.slot(chosen, kept({ grid }));

  /* Cells of the chosen slice; null is not yet observed. */
  function cells(context) {
    const { grid } = context;
    const slot = key(context);
    const nums = grid.num[slot];
    const dens = grid.den[slot];
    return grid.rows.map((_, row) => grid.columns.map((__, column) => {
      const at = row * grid.columns.length + column;
      if (!nums || nums[at] == null) return null;
      return { num: nums[at], den: dens[at], value: dens[at] ? nums[at] / dens[at] : null };
    }));
  }

  const isAny = (rows) => rows.some((row) => row.some((cell) => cell && cell.den));

  function none(context) {
    return key(context) === null
      ? `These are kept along one filter at a time: choose only one of ${formats.listed(kept(context))}.`
      : isAny(cells(context)) ? "Too few for shares; the table has the counts." : "";
  }

  function table(context) {
    const { grid } = context;
    const all = cells(context);
    const highest = Math.max(0.01, ...all.flat().map((cell) => (cell && cell.den >= TOO_FEW ? cell.value : 0)));
    const rows = all.map((row, number) => {
      const n = row.reduce((most, cell) => Math.max(most, cell ? cell.den : 0), 0);
      return {
        name: grid.rows[number].label,
        cells: [{ text: formats.count(n), raw: n }, ...row.map((cell, column) => {
          if (!cell || !cell.den) return { text: "", raw: null };
          const isTooFew = cell.den < TOO_FEW;
          const of = `${formats.count(cell.num)} of ${formats.count(cell.den)}`;
          return {
            metric: grid.about,
            chosen: { ...context.chosen, row: grid.rows[number].label, column: grid.columns[column].label },
            text: isTooFew ? of : formats.percent(cell.value),
            raw: cell.value,
            n: cell.den,
            isWeak: cell.den < FEW,
            heat: isTooFew ? null : Math.min(HEATS - 1, Math.floor((cell.value / highest) * HEATS)),
            title: of,
          };
        })],
      };
    }).filter((row) => row.cells.some((cell) => cell.raw));
    return { head: [grid.corner, grid.of, ...grid.columns.map((column) => column.label)], rows };
  }

  function draw(figure, context) {
    const { grid, options } = context;
    const rows = cells(context);
    const columns = grid.columns.map(charts.plotText);
    figure.layout.annotations = [];
    figure.data.forEach((trace, row) => {
      const shares = rows[row].map((cell) => (cell && cell.den >= TOO_FEW ? cell.value : null));
      trace.x = columns;
      trace.y = shares;
      trace.customdata = rows[row].map((cell, column) => (cell
        ? `${charts.plotText(grid.rows[row])}, ${columns[column]}: ${formats.percent(cell.value)} `
          + `(${formats.count(cell.num)} of ${formats.count(cell.den)})` : ""));
      const last = shares.reduce((found, share, column) => (share == null ? found : column), -1);
      if (row < (options.strong || 3) && last >= 0) {
        figure.layout.annotations.push(charts.annotation(
          columns[last], shares[last], charts.plotText(grid.rows[row]), trace.line.color,
          { xref: "x", yref: "y", xshift: 6 },
        ));
      }
    });
    apart(figure.layout.annotations, figure, (name) => (columns.indexOf(name.x) / columns.length) * context.width);
    return figure.data.some((trace) => trace.y.some((share) => share != null));
  }

  /* Names at the ends of lines that would cover each other are moved apart. */
  function apart(names, figure, across) {
    const values = figure.data.flatMap((trace) => trace.y.filter((value) => value != null));
    const step = (Math.max(0.01, ...values) * 14) / Math.max(120, figure.layout.height || 280);
    names.sort((one, other) => one.y - other.y);
    let below = null;
    for (const name of names) {
      if (below && Math.abs(below.across - across(name)) < 70 && name.y - below.at < step) {
        name.yshift = ((below.at + step - name.y) / step) * 14;
        below = { across: across(name), at: below.at + step };
      } else {
        below = { across: across(name), at: name.y };
      }
    }
  }

  kind("matrix", { isTable: true, table, none, isAny: (context) => isAny(cells(context)) });
  kind("lines", { draw, table, none });
})();
