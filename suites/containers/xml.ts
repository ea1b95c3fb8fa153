/** An element of an XML document; text is left out. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  inside: Element[];
}

const attribute = /\s+([a-z][\w.-]*)="([^"<&]|&(?:lt|gt|amp|quot|apos);)*"/gi;
const tag = new RegExp(`^<(/?)([a-z][\\w.-]*)((?:${attribute.source})*)\\s*(/?)>`, "i");
const text = /^(?:[^<&]|&(?:lt|gt|amp|quot|apos);)+/;

/** Reads a document that uses no more of XML than reports do. Throws at the first character that is out of place. */
export function parseXml(document: string): Element {
  let rest = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  const root: Element = { name: "", attributes: {}, inside: [] };
  const open = [root];
  while (rest !== "") {
    const innermost = open.at(-1) as Element;
    const [whole, closes, name, attributes = "", , , empty] = tag.exec(rest) ?? [];
    const words = whole === undefined ? text.exec(rest)?.[0] : "";
    if (whole === undefined && words === undefined) throw new Error(`not XML: ${rest.slice(0, 80)}`);
    if (closes === "/") {
      if (innermost.name !== name) throw new Error(`</${name}> ends <${innermost.name}>`);
      open.pop();
    } else if (name !== undefined) {
      const pairs = [...attributes.matchAll(attribute)].map(([pair]) => pair.trim().split(/=(.*)/s, 2));
      const values = pairs.map(([key = "", value = ""]) => [key, value.slice(1, -1)]);
      const element = { name, attributes: Object.fromEntries(values), inside: [] };
      innermost.inside.push(element);
      if (empty !== "/") open.push(element);
    }
    rest = rest.slice((whole ?? words ?? "").length);
  }
  const [document_] = root.inside;
  if (open.length !== 1 || root.inside.length !== 1 || document_ === undefined)
    throw new Error(`not one document: ${open.map(({ name }) => name).join(" > ")}`);
  return document_;
}

/** All elements of a name, at any depth. */
export const elements = (of: Element, name: string): Element[] =>
  of.inside.flatMap((one) => [...(one.name === name ? [one] : []), ...elements(one, name)]);
