import { addressLines } from "../report/addresses.ts";
import type { Addresses } from "../up/addresses.ts";
import { writeResult } from "./output.ts";
import type { ReportFlags } from "./reports.ts";

/** On standard output alone, with the secrets that nobody could use the system without; as one line with `--json`. */
export const tellAddresses = (addresses: Addresses, { json }: ReportFlags): Promise<void> =>
  writeResult(`${json ? JSON.stringify(addresses) : addressLines(addresses).join("\n")}\n`);
