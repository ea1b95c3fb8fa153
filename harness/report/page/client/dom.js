/** @typedef {string | number | Node | null} Child */

/**
 * A new element. Text stays text: nothing is ever read as markup.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: any) => void)>} [attributes]
 *   a function is what is called on the event of its name
 * @param {readonly Child[]} [children]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(
    ...children.flatMap((child) =>
      child === null ? [] : [typeof child === "number" ? String(child) : child],
    ),
  );
  return made;
}

/** @param {number} ms */
export const inSeconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

/**
 * The keys by which one moves among elements of which one alone can be reached by Tab.
 * @param {readonly HTMLElement[]} all
 * @param {HTMLElement} from
 * @param {number} by
 */
export function moveFocus(all, from, by) {
  const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(from) + by))];
  if (next === undefined || next === from) return;
  from.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
