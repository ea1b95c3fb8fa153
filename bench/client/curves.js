const { curves } = JSON.parse(document.getElementById("data").textContent);
const colours = ["var(--accent)", "var(--violation)", "var(--missing)"];

const element = (name, content, ...children) => {
  const made = document.createElement(name);
  made.textContent = content;
  made.append(...children);
  return made;
};

const logs = { type: "log", tickFormat: (value) => value.toLocaleString("en") };
const powersOfTwo = { type: "log", base: 2, tickFormat: String };

const scaleOf = (rows) => ({ domain: [0, Math.max(...rows.map(({ value }) => value)) || 1], nice: true });

function chart({ over, points, logarithmic }, figure, label, names) {
  const ticks = [...new Set(points.map(({ at }) => at))];
  const rows = points.map(({ of, at, figures, spread }) => {
    const [least, most] = spread?.[figure] ?? [];
    return { of, at, value: figures[figure], least, most };
  });
  const shared = { x: "at", y: "value", stroke: "of" };
  return Plot.plot({
    width: 420,
    height: 300,
    ariaLabel: `${label} over ${over}`,
    marginLeft: 52,
    marginTop: 30,
    grid: true,
    style: { background: "none", overflow: "visible" },
    x: { ...(logarithmic ? logs : powersOfTwo), ticks, label: `${over} →` },
    y: { ...(logarithmic ? { ...logs, ticks: 5 } : scaleOf(rows)), label: `↑ ${label}` },
    color: { domain: names, range: colours },
    symbol: { domain: names },
    marks: [
      ...(logarithmic ? [] : [Plot.ruleY([0])]),
      Plot.ruleX(
        rows.filter(({ least }) => least !== undefined),
        { x: "at", y1: "least", y2: "most", stroke: "of", strokeWidth: 3, strokeOpacity: 0.4 },
      ),
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
          element("td", point === undefined ? "" : String(Number(point.figures[figure].toPrecision(4)))),
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
  const machine = element("p", curve.machine);
  machine.className = "of";
  document.body.append(element("h2", curve.title), legend, charts, figures, machine);
}
document.documentElement.dataset.ready = "";
