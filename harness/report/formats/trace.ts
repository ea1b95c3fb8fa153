import type { CleanFormat } from "../format.ts";

/** Trace events of Chrome, for Perfetto and chrome://tracing. What makes it is loaded where it is asked for. */
export const trace: CleanFormat = {
  to: "file",
  extension: "trace.json",
  description: "write a trace as well, for Perfetto: who called whom, in the JSON of Chrome",
  renderClean: async (report, clean) => (await import("../page/trace-events.ts")).traceOf(report, clean),
};
