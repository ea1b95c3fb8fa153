const { machine, curves } = JSON.parse(document.getElementById("data").textContent);
const colours = ["var(--accent)", "var(--violation)", "var(--missing)"];

const element = (name, content, ...children) => {
  const made = document.createElement(name);
  made.textContent = content;
  made.append(...children);
  return made;
};

function chart({ over, points }, figure, label, names) {
  const ticks = [...new Set(points.map(({ at }) => at))];
  const rows = points.map(({ of, at, figures }) => ({ of, at, value: figures[figure] }));
  const shared = { x: "at", y: "value", stroke: "of" };
  return Plot.plot({
    width: 420,
    height: 300,
    ariaLabel: `${label} over ${over}`,
    marginLeft: 52,
    marginTop: 30,
    grid: true,
    style: { background: "none", overflow: "visible" },
    x: { type: "log", base: 2, ticks, tickFormat: String, label: `${over} →` },
    y: { label: `↑ ${label}`, domain: [0, Math.max(...rows.map(({ value }) => value)) || 1], nice: true },
    color: { domain: names, range: colours },
    symbol: { domain: names },
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(rows, shared),
      Plot.dot(rows, { ...shared, symbol: "of", fill: "var(--page)" }),
      Plot.tip(rows, Plot.pointerX({ ...shared, fill: "var(--panel)" })),
    ],
  });
}

function table({ over, measures, points }, names) {
  const head = element("tr", "", element("th", over));
  for (const label of Object.values(measures))
    for (const name of names) head.append(element("th", `${label}: ${name}`));
  const rows = [...new Set(points.map(({ at }) => at))].map((at) => {
    const row = element("tr", "", element("th", String(at)));
    for (const figure of Object.keys(measures))
      for (const name of names) {
        const point = points.find((one) => one.at === at && one.of === name);
        row.append(
          element(
            "td",
            point === undefined ? "" : point.figures[figure].toFixed(figure === "errors" ? 1 : 0),
          ),
        );
      }
    return row;
  });
  return element("table", "", head, ...rows);
}

for (const curve of curves) {
  const names = [...new Set(curve.points.map(({ of }) => of))];
  const charts = element("div", "");
  charts.className = "charts";
  for (const [figure, label] of Object.entries(curve.measures))
    charts.append(chart(curve, figure, label, names));
  const legend = Plot.legend({
    color: { domain: names, range: colours.slice(0, names.length) },
    symbol: { domain: names },
  });
  const figures = element("div", "", table(curve, names));
  figures.className = "figures";
  document.body.append(element("h2", curve.title), legend, charts, figures);
}
document.body.append(element("p", machine));
document.documentElement.dataset.ready = "";
