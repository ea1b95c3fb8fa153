import { join } from "node:path";
import type { CleanFormat, Format } from "../../report/format.ts";
import { type FormatName, formats } from "../../report/formats/index.ts";
import { reportsFolder } from "./defaults.ts";

/** The names in `json,junit`. */
export const namesIn = (list: string): string[] => list.split(",").map((name) => name.trim());

/** Where `--reporter` has a format written; null for one that is printed. */
export function reportFile(name: FormatName): string | null {
  const { to, extension = name }: Format | CleanFormat = formats[name];
  return to === "output" ? null : join(reportsFolder, `report.${extension}`);
}

/** The files that a list of formats stands for. */
export const reportFiles = (list: string): string[] => {
  const asked = new Set(namesIn(list));
  return (Object.keys(formats) as FormatName[]).flatMap((name) =>
    asked.has(name) ? (reportFile(name) ?? []) : [],
  );
};
