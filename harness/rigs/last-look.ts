import { integerDigits } from "../../contracts/bounds/wide-integers.ts";
import { isTerminal } from "../../contracts/job.ts";
import { field } from "../../contracts/step.ts";
import type { Caller } from "../customers/caller.ts";
import { look, readList, readPacked, readResult, show } from "../customers/script.ts";
import { statusIn } from "../customers/to-its-end.ts";
import type { FinalEvent } from "../history/event.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { statementOf } from "../schedule/statements.ts";
import { exportedBy } from "../schedule/targets.ts";
import type { Job } from "./workload.ts";

/** What a customer saw of its job when all was over; what it did not ask for is absent. */
export type Seen = Pick<FinalEvent, "result" | "listed" | "shown">;

/** A customer's list of jobs: those that it shows, or undefined where it was not answered to its end. */
export type List = () => Promise<ReadonlySet<string> | undefined>;

/** The list as it is when it is first asked for; `ids` are the jobs that it is read for. */
export function listOf(caller: Caller, ids: readonly string[]): List {
  let read: ReturnType<List> | undefined;
  return () => {
    read ??= readList(caller, ids);
    return read;
  };
}

/**
 * A customer's last look: an end that did not last is a finding, and so is a result that cannot be read. The list is
 * asked for where nothing went wrong: only then is the way in which a job ends promised. The packed result, whose size a
 * job shows, is read where something did: a later attempt may have said another one.
 */
export async function lookWhenOver(
  caller: Caller,
  id: string,
  { scenario, customer }: Job,
  { faults }: Schedule,
  list: List = listOf(caller, [id]),
): Promise<Seen> {
  const shown = await show(caller, id);
  const status = statusIn(shown);
  if (status === null || !isTerminal(status)) return {};
  const listed = faults.length === 0 ? (await list())?.has(id) : undefined;
  const { result: kind } = statementOf(scenario.statement);
  // Of an export that of the job which has it, and which is shown as linked to it.
  const source = kind === "exported" ? exportedBy(field(shown, "query")) : id;
  if (source !== null && source !== id) await look(caller, source);
  if (kind === "own" && customer !== "td") await lookAtExport(caller, shown);
  const wantsResult = status === "success" && kind !== "none" && source !== null;
  // One that its worker had saved before it failed is nobody's to read; what is answered is for the model.
  if (status !== "success" && kind === "own") await caller.call("job.result", { job_id: id, format: "json" });
  const result = wantsResult ? await readResult(caller, source) : undefined;
  // npm td gives no bytes.
  if (result && source !== null && faults.length > 0 && customer !== "td") await readPacked(caller, source);
  return { ...(listed === undefined ? {} : { listed }), ...(result === undefined ? {} : { result }) };
}

/**
 * What became of the export that came of the query itself, since its destination has refused its rows. npm td cannot read its id,
 * which may be larger than a number is exact.
 */
async function lookAtExport(caller: Caller, shown: unknown): Promise<void> {
  const id = integerDigits(field(shown, "linked_result_export_job_id"));
  if (typeof id !== "string") return;
  await look(caller, id);
  // It is nobody's to read, and no other one stands beside it.
  await caller.call("job.result", { job_id: id, format: "json" });
  await caller.call("job.list", { from: 0 });
}
