import type { OperationId } from "../../contracts/operations.ts";
import { type Input, type Party, unknownJob } from "./probe.ts";

/** Sessions of Bulk Import: whose they are, and what is refused of one that is not there. */

const nobodys = "probe_nobodys";

/** Every call about a session of this name. */
const calls = (name: string): [OperationId, Input][] => [
  ["bulk_import.upload_part", { name, part: "part", content: "AAEC" }],
  ["bulk_import.delete_part", { name, part: "part" }],
  ["bulk_import.list_parts", { name }],
  ["bulk_import.freeze", { name }],
  ["bulk_import.unfreeze", { name }],
  ["bulk_import.perform", { name }],
  ["bulk_import.commit", { name }],
  ["bulk_import.delete", { name }],
  ["bulk_import.show", { name }],
];

export async function sessions(party: Party): Promise<void> {
  const into = { database: party.database, table: "probe_no_table" };
  const asked: [OperationId, Input][] = [
    ["bulk_import.create", { name: nobodys, ...into }],
    ...calls(nobodys),
    ["bulk_import.list", {}],
  ];
  for (const [operation, input] of asked) {
    for (const credential of [...party.impostors, party.stranger, party.customer])
      await party.ask(credential, operation, input);
  }
  const part = { job_id: unknownJob, attempt: 1 };
  for (const credential of party.usurpers) await party.ask(credential, "worker.import_part", part);
  await party.asWorker(1, "worker.import_part", part);
}
