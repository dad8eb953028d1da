/* Numbers of wide choices arrive as what they have beyond the narrow ones inside them (nested.py);
   here they become again what the mart gave. */
(() => {
  function holders(place, [segments, regions, sources]) {
    const source = place % sources;
    const region = Math.floor(place / sources) % regions;
    const segment = Math.floor(place / sources / regions) % segments;
    const found = [];
    if (source) found.push(place - source);
    if (source && region) found.push(place - region * sources);
    if (source && region && segment) found.push(place - segment * regions * sources);
    return found;
  }

  /* What makes a list of numbers whole. Narrow places come last, so each is whole before it is added
     to those that hold it. `lines`: what each number is of, where a place has several. */
  function wholes(places, sizes, lines = places.map(() => 0)) {
    const most = Math.max(0, ...new Set(lines)) + 1;
    const rows = new Map(places.map((place, row) => [place * most + lines[row], row]));
    const above = places.map((place, row) => holders(place, sizes)
      .map((holder) => rows.get(holder * most + lines[row])).filter((holder) => holder !== undefined));
    return (numbers) => {
      const whole = [...numbers];
      for (let row = whole.length - 1; row >= 0; row -= 1) {
        for (const holder of above[row]) whole[holder] += whole[row];
      }
      return whole;
    };
  }

  Onefunnel.nested = { wholes };
})();
