/* Kind stages: people by furthest stage, those not yet decided pale. */
(() => {
  const { formats, intervals, kind } = Onefunnel;
  const { TOO_FEW } = intervals;

  function draw(figure, context) {
    const rows = context.slices.stages(context.chosen);
    const [reached, undecided] = figure.data;
    reached.x = rows.map((row) => row.reached);
    undecided.x = rows.map((row) => row.undecided);
    undecided.text = rows.map((row, number) => {
      const before = number ? rows[number - 1] : null;
      const parts = [formats.count(row.reached)];
      if (before && before.reached >= TOO_FEW) {
        const of = context.width < 480 ? "" : ` of ${before.label}`;
        parts.push(`${formats.percent(row.reached / before.reached)}${of}`);
      }
      if (row.undecided && !context.isNarrow) {
        parts.push(`${formats.count(row.undecided)} undecided`);
      }
      return ` ${parts.join("   ")}`;
    });
    const width = context.width - 104;
    const room = (text) => 1 - Math.min(0.8, (text.length * 6.9) / width);
    figure.layout.xaxis.range = [0, Math.max(1, ...rows.map((row, number) => (
      (row.reached + row.undecided) / room(undecided.text[number]))))];
    return rows[0].reached > 0;
  }

  function table(context) {
    const rows = context.slices.stages(context.chosen).map((stage) => ({
      name: stage.label,
      cells: ["reached", "undecided", "skipped"].map((name) => ({
        metric: `funnel_${stage.slug}_${name}`,
        chosen: context.chosen,
        text: formats.count(stage[name]),
        raw: stage[name],
      })),
    }));
    return { head: ["Stage", "Reached", "Stage before, undecided", "Came later without it"], rows };
  }

  kind("stages", { draw, table });
})();
