import type { CleanFormat, Format } from "../format.ts";
import { annotations } from "./annotations.ts";
import { ctrf } from "./ctrf.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { terminal } from "./terminal.ts";
import { trace } from "./trace.ts";

/** Every format, by the name of its flag; all commands that judge have them all. A new one is a file and a line here. */
export const formats = {
  terminal,
  json,
  junit,
  markdown,
  html,
  ctrf,
  annotations,
  trace,
} as const satisfies Readonly<Record<string, Format | CleanFormat>>;

export type FormatName = keyof typeof formats;

/** What is printed where no flag asks for another. */
export const printed: FormatName = "terminal";
