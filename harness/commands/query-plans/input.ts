import { type TableSizes, tableSizesSchema } from "../../config/table-sizes.ts";
import { pageAt } from "../../installation.ts";
import { checked, parseJson } from "../../schedule/parse.ts";

/** The table sizes of a file. */
export const sizesIn = (text: string, file: string): TableSizes =>
  checked(tableSizesSchema, parseJson(text, file), file, `see ${pageAt("query-plans.md")}`);
