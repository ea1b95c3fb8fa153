/**
 * The parameters of a form or of a query string, or null where there are more than `most`. Counted before they are
 * parsed: the time that URLSearchParams takes grows with the square of the number of names without a value.
 */
export function parametersWithin(text: string, most: number): Record<string, string> | null {
  let separators = 0;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", at + 1)) {
    separators += 1;
    if (separators >= most) return null;
  }
  return Object.fromEntries(new URLSearchParams(text));
}
