import { loggable } from "../../errors.ts";
import type { Format } from "../format.ts";

export const terminal: Format = {
  to: "output",
  description: "print text",
  render: ({ text }) => `${loggable(text)}\n`,
};
