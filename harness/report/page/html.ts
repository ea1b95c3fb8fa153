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
    .replaceAll(
      /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .replaceAll(/[&<>"']/g, (one) => entities[one] as string);

/** JSON as the text of a script element: nothing in it ends the element or a line of a script. */
export const embedded = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
