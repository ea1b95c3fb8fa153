/** Text and data in an HTML page, whatever they hold. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** As text or in a quoted attribute. What HTML cannot carry is shown by its code. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, (one) => (isSpace(one) ? one : codeOf(one)))
    .replaceAll(/[&<>"']/g, (one) => entities[one] as string);

const isSpace = (one: string): boolean => one === "\t" || one === "\n" || one === "\r";
const codeOf = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** JSON as the text of a script element: nothing in it ends the element or a line of a script. */
export const embedded = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, codeOf);
