import { jobStatuses } from "../../contracts/job.ts";
import type { ResultFormat } from "../../contracts/operations/jobs.ts";
import type { Caller } from "./caller.ts";

/** What a customer can ask of what it has, as data: every way to read a result, and to page through a list. */

/** One way to read a result. */
export interface ResultQuestion {
  /** Without one it is the format that the contract says; one that there is none of must be refused. */
  format?: ResultFormat | "xml";
  /** As clients write it. */
  header?: "true" | "True" | "false" | "False";
  headers?: Readonly<Record<string, string>>;
  /** With the version that the service told of the same file just before. */
  resumes?: true;
}

const ranged = (range: string, more: Readonly<Record<string, string>> = {}) => ({
  headers: { range, ...more },
});

export const resultQuestions: readonly ResultQuestion[] = [
  {},
  { header: "true" },
  { format: "tsv", header: "False" },
  { format: "csv" },
  { format: "csv", header: "True" },
  { format: "json", header: "true" },
  { format: "msgpack", header: "false" },
  { format: "msgpack", header: "True" },
  { format: "msgpack.gz", header: "true" },
  { format: "msgpack.gz" },
  { format: "csv", ...ranged("bytes=0-9") },
  { format: "tsv", header: "true", ...ranged("bytes=-7") },
  { format: "json", ...ranged("bytes=5-") },
  { format: "msgpack", ...ranged("bytes=1-8") },
  { format: "csv", ...ranged("bytes=999999999-") },
  { format: "csv", ...ranged("bytes=-999999999") },
  { format: "tsv", ...ranged("bytes=3-999999999") },
  { format: "json", headers: {} },
  { format: "xml" },
  { format: "msgpack.gz", ...ranged("bytes=4-"), resumes: true },
  { format: "json", ...ranged("bytes=4-", { "if-range": '"another-version"' }) },
];

/** Asks all that of one job, one question after the other. */
export async function askOf(
  { call }: Caller,
  id: string,
  questions: readonly ResultQuestion[],
): Promise<void> {
  for (const { headers, resumes, ...input } of questions) {
    const request = { job_id: id, ...input };
    const etag = resumes === true ? (await call("job.result", request))?.headers?.["etag"] : undefined;
    const condition = etag === undefined ? {} : { "if-range": etag };
    await call("job.result", request, headers === undefined ? undefined : { ...headers, ...condition });
  }
}

/** Pages from the first place, from later ones, none at all and beyond the end; and the jobs of each status. */
const listQuestions: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { from: 0, to: 0 },
  { from: 1, to: 3 },
  { from: 2 },
  { to: 1 },
  { from: 3, to: 1 },
  { from: 100_000, to: 100_009 },
  ...jobStatuses.map((status) => ({ status })),
  { status: "success", from: 1, to: 2 },
];

/** Asks for all these pages, all at once: they change nothing. */
export async function askLists({ call }: Caller): Promise<void> {
  await Promise.all(listQuestions.map((input) => call("job.list", { ...input })));
}
