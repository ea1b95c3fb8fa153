import { z } from "zod";
import { json, operation } from "../operation.ts";
import { objectName, optional, wireInteger } from "../values.ts";

/**
 * Customer side, settings of a table. td-client-go, -java, -python, -ruby and the CLI `td` send them; what is left out stays
 * as it is.
 */

/** A hundred years. */
const mostExpireDays = 36_500;

export const updateTable = operation({
  id: "table.update",
  summary: "Set after how many days the rows of a table expire; 0 is never",
  method: "POST",
  path: "/v3/table/update/:database/:table",
  audience: "customer",
  again: { is: "same", by: ["database", "table"] },
  input: z.object({
    database: objectName,
    table: objectName,
    expire_days: optional(wireInteger.pipe(z.int().min(0).max(mostExpireDays))),
    /** No engine shows the column `v`, which holds all others: who asks for it is refused by name. */
    include_v: optional(z.literal([false, "false"])),
    /** Each table has the columns of its chunks: who wants it without is refused by name. */
    detect_schema: optional(z.literal([true, "true"])),
  }),
  reply: json(
    z
      .strictObject({ database: objectName, table: objectName, type: z.literal("log") })
      .meta({ id: "UpdatedTable" }),
  ),
  reasons: ["not_found", "wrong_state"],
});

/** What a table is shown as by the settings that a request says; what it does not say is left out. */
export function settingsAsked(request: Readonly<Record<string, unknown>>): {
  expire_days?: number | null;
  include_v?: false;
} {
  const { expire_days: days, include_v: hasV } = updateTable.input.safeParse(request).data ?? {};
  return {
    ...(days === undefined ? {} : { expire_days: days === 0 ? null : days }),
    ...(hasV === undefined ? {} : { include_v: false }),
  };
}
