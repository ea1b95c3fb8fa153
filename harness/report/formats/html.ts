import type { CleanFormat } from "../format.ts";

/** One page that needs nothing else, for a browser. What makes it is loaded where it is asked for. */
export const html: CleanFormat = {
  to: "file",
  description: "write one HTML page as well, for a browser",
  renderClean: async (report, clean) => (await import("../page/document.ts")).document(report, clean),
};
