import { contractSet } from "../../../contracts/set/contract-set.ts";
import { writeOut } from "../shared/out-file.ts";

/** Writes the contracts of this Interlock as one document, for `diff`. */
export const action = (_: string[], { out }: { out?: string }): Promise<void> =>
  writeOut("contract set", out, `${JSON.stringify(contractSet(), null, 2)}\n`);
