import fc from "fast-check";
import { type TdSettings, tdModes } from "../../../destinations/td.ts";
import { escaped, type WrittenDestination } from "../written.ts";

const name = fc.stringMatching(/^[a-z0-9_]{3,255}$/);

export const written: WrittenDestination<TdSettings> = {
  settings: fc
    .record({
      apikey: fc.oneof(fc.stringMatching(/^[!-~]{1,255}$/), fc.stringMatching(/^\d{1,6}\/[0-9a-f]{40}$/)),
      database: name,
      table: name,
      mode: fc.constantFrom(...tdModes),
    })
    .map((settings) => ({ type: "td", ...settings })),

  urlOf: ({ apikey, database, table, mode }) => `td://${escaped(apikey)}@/${database}/${table}?mode=${mode}`,
};
