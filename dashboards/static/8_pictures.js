/* Pictures of cards for slides: title, chart or table, and what the numbers are of. */
(() => {
  const PAPER = { dark: "#171d25", light: "#ffffff" };

  async function ofChart(section, card, figure, foot, isDark) {
    const holder = section.querySelector(".chart");
    const { layout } = figure;
    layout.width = Math.max(560, holder.clientWidth || section.clientWidth - 40);
    layout.height = (layout.height || 320) + 92;
    layout.paper_bgcolor = isDark ? PAPER.dark : PAPER.light;
    layout.margin.t += 56;
    layout.margin.b += 36;
    layout.title = { text: card.plot || card.title, x: 0, xref: "container", pad: { l: 14 }, y: 0.97, yanchor: "top", font: { size: 16, weight: 700 } };
    layout.annotations = [...(layout.annotations || []), {
      text: foot, xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top",
      yshift: -layout.margin.b + 26, xshift: -layout.margin.l + 14, showarrow: false,
      font: { size: 11, color: layout.template.layout.xaxis.tickfont.color },
    }];
    return Plotly.toImage({ data: figure.data, layout }, { format: "png", width: layout.width, height: layout.height, scale: 2 });
  }

  /* A table as it stands, with the colours that the reader sees. */
  function ofTable(table, title, foot) {
    const scale = 2;
    const edge = 16;
    const top = 56;
    const box = table.getBoundingClientRect();
    const canvas = document.createElement("canvas");
    const width = Math.max(480, box.width + 2 * edge);
    const height = box.height + top + 48;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const page = getComputedStyle(document.documentElement);
    const family = page.fontFamily;
    pen.fillStyle = page.getPropertyValue("--paper");
    pen.fillRect(0, 0, width, height);
    pen.textBaseline = "middle";
    pen.fillStyle = page.getPropertyValue("--ink");
    pen.font = `700 16px ${family}`;
    pen.fillText(title, edge, 28);
    for (const cell of table.querySelectorAll("th, td")) {
      const at = cell.getBoundingClientRect();
      const x = at.left - box.left + edge;
      const y = at.top - box.top + top;
      const style = getComputedStyle(cell);
      if (cell.classList.contains("heat")) {
        pen.fillStyle = style.backgroundColor;
        pen.fillRect(x, y, at.width, at.height);
      }
      pen.fillStyle = style.color;
      pen.font = `${style.fontWeight} ${style.fontSize} ${family}`;
      const isLeft = style.textAlign === "left" || style.textAlign === "start";
      pen.textAlign = isLeft ? "left" : style.textAlign === "center" ? "center" : "right";
      const place = isLeft ? x + 10 : style.textAlign === "center" ? x + at.width / 2 : x + at.width - 10;
      pen.fillText(cell.textContent.trim(), place, y + at.height / 2, Math.max(20, at.width - 8));
    }
    pen.textAlign = "left";
    pen.fillStyle = page.getPropertyValue("--muted");
    pen.font = `400 11px ${family}`;
    pen.fillText(foot, edge, height - 18, width - 2 * edge);
    return canvas.toDataURL("image/png");
  }

  Onefunnel.pictures = { ofChart, ofTable };
})();
