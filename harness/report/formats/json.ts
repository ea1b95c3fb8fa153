import { unseen } from "../../errors.ts";
import type { Format } from "../format.ts";

export const json: Format = {
  to: "output",
  description: "print one JSON object instead of text",
  render: ({ data }) => `${JSON.stringify(data).replaceAll(unseen, escaped)}\n`,
};

/** As JSON itself writes a control: the value is the same. */
const escaped = (sign: string): string =>
  Array.from(
    { length: sign.length },
    (_, i) => `\\u${sign.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
