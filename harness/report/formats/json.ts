import type { Format } from "../format.ts";

export const json: Format = {
  to: "output",
  description: "print one JSON object instead of text",
  render: ({ data }) => `${JSON.stringify(data)}\n`,
};
