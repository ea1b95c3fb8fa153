/** A reader of XML as strict as the standard in what the reports use: elements, attributes, text, references. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

/** The characters that XML 1.0 allows (its production 2). */
const allowed = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** @throws Error at the first place that is no XML */
export function readXml(document: string): XmlElement {
  if (!allowed.test(document)) throw new Error("a character that XML does not allow");
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!document.startsWith(declaration)) throw new Error("no declaration");
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  // A parser reads every kind of line end as one line feed.
  let rest = document.slice(declaration.length).replace(/\r\n?/g, "\n");
  while (rest !== "") {
    const parent = open.at(-1) as XmlElement;
    const text = /^[^<]+/.exec(rest)?.[0];
    const tag = /^<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/.exec(rest);
    if (text !== undefined) parent.text += unescaped(text);
    else if (tag === null) throw new Error(`no tag: ${rest.slice(0, 40)}`);
    else if (tag[1] === "/") {
      if (open.pop()?.name !== tag[2]) throw new Error(`</${tag[2]}> closes another element`);
    } else {
      const element = {
        name: tag[2] as string,
        attributes: attributesIn(tag[3] as string),
        children: [],
        text: "",
      };
      parent.children.push(element);
      if (tag[4] === "") open.push(element);
    }
    rest = rest.slice((text ?? tag?.[0] ?? "").length);
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error("not one whole element");
  return root.children[0] as XmlElement;
}

const attributesIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    // Blanks of any kind, unless written by their number, become spaces.
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      unescaped((value as string).replace(/[\t\n]/g, " ")),
    ]),
  );

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));|&/g, (all, code?: string, name?: string) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    const character = entities[name ?? ""];
    if (character === undefined) throw new Error(`no reference: ${all}`);
    return character;
  });
