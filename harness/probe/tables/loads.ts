import { textField } from "../../../contracts/step.ts";
import { kept } from "../names.ts";
import { source } from "../plain-inputs.ts";
import { type Input, type Party, unknownJob } from "../probe.ts";
import { insert, look } from "../tries.ts";
import { endTransfer } from "./transfer.ts";

/** Loads of Data Connector: whose the table is, which sources there are, a key that comes again, and each end of the job. */

const said = { checksum: "5".repeat(64), message: "the bucket gives nothing" };

const from = (change: Input, more: Input = {}): Input => ({
  config: { in: { ...source, ...change }, ...more },
});

/** All that may stand in a prefix and in a key, each mode, and what clients send and means nothing. */
const telling: readonly Input[] = [
  from({}),
  from({}, { out: { mode: "append" } }),
  from({}, { out: { mode: "replace" }, exec: {} }),
  from({ path_prefix: "of/the..probe/v1.0/%2F+&=#?'()@:*~" }, { out: {} }),
  from({ path_prefix: "", bucket: "probe.rows-2.v1" }, { out: null, exec: null }),
  from({ secret_access_key: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", access_key_id: "a.B-c_9" }),
  from({ endpoint: "https://probe.invalid:8443" }, { out: { mode: null } }),
  from({ endpoint: "http://[2001:db8::1]:80/" }),
  from({ endpoint: undefined }),
  from({ endpoint: null }),
];

/** What is no source, means something that no load does, or names no table that is there. */
const wrong: readonly Input[] = [
  ...["gcs", "mysql", "S3", "", null, 3].map((type) => from({ type })),
  ...["Probe", "a", "-ab", "ab-", "x".repeat(64), "", null].map((bucket) => from({ bucket })),
  ...["", "a/b", "a,b", "a b", null].map((access_key_id) => from({ access_key_id })),
  // Of others a history has a token, which tells nothing of them.
  ...["", null].map((secret_access_key) => from({ secret_access_key })),
  ...["../x", "a/./b", "a/..", ".", "ä", "a\nb", null].map((path_prefix) => from({ path_prefix })),
  ...["probe.invalid", "ftp://probe.invalid", "http://", "http://a/b", "http://a:0", "http://u:p@a"].map(
    (endpoint) => from({ endpoint }),
  ),
  ...[null, [], [{ type: "bzip2" }], [{ type: "gzip" }, { type: "gzip" }], "gzip"].map((decoders) =>
    from({ decoders }),
  ),
  ...[null, { type: "csv" }, { type: "jsonl", charset: "UTF-16" }, "jsonl"].map((parser) => from({ parser })),
  from({ incremental: true }),
  ...[{ mode: "truncate" }, { mode: "append", type: "td" }, "append"].map((out) => from({}, { out })),
  from({}, { exec: { max_threads: 1 } }),
  from({}, { filters: [] }),
  { ...from({}), pool_name: "of_the_probe" },
  { ...from({}), priority: 1 },
  { config: null },
  { config: {} },
  { config: "in: s3" },
  { ...from({}), domain_key: "" },
  { ...from({}), table: "no name" },
  { ...from({}), table: "probe_no_table" },
  { ...from({}), database: "probe_nowhere" },
];

export async function loads(party: Party): Promise<void> {
  const { generation, database } = party;
  const inputOf = (input: Input): Input => ({ database, table: kept(generation), ...input });
  const ask = (input: Input) => party.asCustomer("connector.issue", inputOf(input));
  await party.askByOthers([["connector.issue", inputOf(from({}))]]);
  await party.askByCustomer(wrong.map((input) => ["connector.issue", inputOf(input)]));
  const [domain_key, other] = [`probe load ${generation}`, `probe loaded table ${generation}`];
  for (let times = 2; times > 0; times -= 1) await ask({ ...from({}), domain_key });
  await party.asCustomer("job.issue", party.order(insert, { domain_key }));
  await party.asCustomer("job.kill", { job_id: await party.issue(insert, { domain_key: other }) });
  await ask({ ...from({}), domain_key: other });
  await endTransfer(party, "success", said, true);
  // The key stays taken, also for another mode and another bucket.
  for (const input of [from({}), from({}, { out: { mode: "replace" } }), from({ bucket: "others-rows" })])
    await ask({ ...input, domain_key });
  for (const [i, input] of telling.entries()) {
    const key = { domain_key: `${domain_key} ${i}` };
    for (let times = 2; times > 0; times -= 1) await ask({ ...input, ...key });
    await endTransfer(party, "success", said);
  }
  const ordered = await ask(from({}));
  const queued = textField(ordered?.body, "job_id") ?? unknownJob;
  await party.asCustomer("job.kill", { job_id: queued });
  await look(party, queued);
  for (const status of ["error", "killed"] as const) {
    const key = { domain_key: `${domain_key} ${status}` };
    await ask({ ...from({}), ...key });
    await endTransfer(party, status, said);
    await ask({ ...from({}), ...key });
  }
}
