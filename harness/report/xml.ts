/** XML 1.0 has no way to write most control characters, nor half a surrogate pair: they are shown by their code. */
export const escape = (text: string): string =>
  Array.from(text)
    .map((char) =>
      isXmlCharacter(char.codePointAt(0) as number)
        ? char
        : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");

/** Readers turn a line break or a tab of an attribute into a blank, unless it is written by its number. */
export const attribute = (text: string): string =>
  escape(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

const isXmlCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  code >= 0x10000;
