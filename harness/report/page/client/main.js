import { hashOf, placeIn } from "./address.js";
import { cellPanel } from "./cell.js";
import { element } from "./dom.js";
import { linksIn, matrixTable, orders, wanted } from "./matrix.js";
import { hasEnd, missingParts, readData, wholePage } from "./unpack.js";
import { visibilityFigure } from "./visibility.js";

const data = readData();
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const all = data.cells;
const verdicts = [...new Set(all.map(({ verdict }) => verdict))];
const hasRed = verdicts.some((verdict) => verdict !== "pass");
const wish = {
  words: "",
  verdicts: new Set(/** @type {string[]} */ (verdicts)),
  order: hasRed ? "reds first" : "as run",
  isChanged: false,
};

const count = element("p", { role: "status", class: "hint" });
const table = element("div", { class: "scroll" });
const panel = element("div", { id: "panel" });
const search = element("input", {
  type: "search",
  placeholder: "search path, invariant, words",
  "aria-label": "search cases",
  input: () => {
    wish.words = search.value;
    showMatrix();
  },
});

/** @type {string | null} */
let selected = null;
/** @type {ReturnType<typeof cellPanel> | null} */
let open = null;

function showMatrix() {
  const cells = wanted(all, wish);
  count.textContent =
    all.length === 0
      ? "Nothing was judged by itself: there is no case to show, and none has passed."
      : `${cells.length} of ${all.length} cases shown`;
  table.replaceChildren(...(cells.length === 0 ? [] : [matrixTable(cells, wish.order, selected)]));
}

/** Goes to what the address names. */
async function follow() {
  const place = placeIn(location.hash);
  if (place.cell !== selected) {
    selected = place.cell;
    for (const link of linksIn(table)) {
      if (placeIn(link.getAttribute("href") ?? "").cell === selected)
        link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const cell = all.find(({ path }) => path === selected);
    open = cell === undefined ? null : cellPanel(cell);
    panel.replaceChildren(
      ...(open !== null
        ? [open.panel]
        : selected === null
          ? []
          : [element("p", { role: "status" }, [`There is no case ${selected} in this report.`])]),
    );
    if (place.event === null) open?.focus();
  }
  await open?.select(place.history, place.event);
}

const filters = verdicts.map((verdict) =>
  element("label", { class: `filter ${verdict}` }, [
    element("input", {
      type: "checkbox",
      checked: true,
      change: (/** @type {Event & { target: HTMLInputElement }} */ { target }) => {
        if (target.checked) wish.verdicts.add(verdict);
        else wish.verdicts.delete(verdict);
        showMatrix();
      },
    }),
    ` ${verdict} ${all.filter((cell) => cell.verdict === verdict).length}`,
  ]),
);
const sort = element(
  "select",
  {
    "aria-label": "order of the rows",
    change: () => {
      wish.order = sort.value;
      showMatrix();
    },
  },
  Object.keys(orders).map((order) => element("option", { selected: order === wish.order }, [order])),
);
const changed = all.some(({ since }) => since !== undefined)
  ? element("label", { class: "filter" }, [
      element("input", {
        type: "checkbox",
        change: (/** @type {Event & { target: HTMLInputElement }} */ { target }) => {
          wish.isChanged = target.checked;
          showMatrix();
        },
      }),
      ` changed ${all.filter(({ since }) => since !== undefined).length}`,
    ])
  : null;

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = target instanceof HTMLInputElement && target.type === "search";
  if (key === "/" && !isTyping) {
    event.preventDefault();
    search.focus();
  }
  if (key !== "Escape") return;
  const links = linksIn(table);
  (links.find((link) => link.tabIndex === 0) ?? links[0])?.focus();
});

main.append(
  element("div", { class: "bar" }, [search, ...filters, changed, sort]),
  element("p", { class: "hint" }, ["Keys: / search, arrows among cells, Enter opens one, Esc comes back"]),
  count,
  ...(data.visibility === undefined ? [] : [visibilityFigure(data.visibility)]),
  element("div", { class: "columns" }, [table, panel]),
);
showMatrix();
main.hidden = false;
addEventListener("hashchange", () => void follow());
const [onlyRed] = all.filter(({ verdict }) => verdict !== "pass");
if (location.hash === "" && onlyRed !== undefined)
  history.replaceState(null, "", hashOf({ cell: onlyRed.path }));
const followed = follow();
performance.mark("usable");
await wholePage;
const lost = missingParts(data);
if (lost === 0 && hasEnd()) {
  document.getElementById("unread")?.remove();
  document.body.classList.remove("unread");
  document.title = `${data.verdict}: ${document.title}`;
} else
  main.prepend(
    element("p", { role: "alert" }, [
      `This page is cut short: ${lost} of ${data.parts} parts of its timelines are missing.`,
    ]),
  );
await followed;
document.documentElement.dataset["ready"] = "true";
