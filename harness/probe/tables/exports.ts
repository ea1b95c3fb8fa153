import { textField } from "../../../contracts/step.ts";
import { kept } from "../names.ts";
import { bucket } from "../plain-inputs.ts";
import { type Input, type Party, unknownJob } from "../probe.ts";
import { insert, look } from "../tries.ts";
import { endTransfer } from "./transfer.ts";

/** Exports of tables: whose the table is, which ranges and buckets there are, a key that comes again, and each end of the job. */

const said = { checksum: "4".repeat(64), message: "the bucket takes nothing" };

const range = { from: 3_601, to: "7199" };

/** Without a bound, up to the last moment, and all that may stand in a prefix and in a key, in each format. */
const telling: readonly Input[] = [
  {},
  { from: 0 },
  { to: 1 },
  { from: 1, to: 1_567_584_000, bucket: "probe.rows-2.v1" },
  { from: 4_102_444_801, to: 999_999_999_999_999, file_format: "tsv.gz" },
  { file_prefix: "of/the..probe/v1.0/%2F+&=#?'()@:*~", file_format: "jsonl.gz" },
  { secret_access_key: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", access_key_id: "a.B-c_9" },
  { endpoint: "https://probe.invalid:8443" },
  { endpoint: "http://[2001:db8::1]:80/" },
  { endpoint: undefined },
  { file_prefix: null, file_format: null, from: null, to: null, endpoint: null },
];

/** What is no bucket, no key, no range, no store, or no table that is there. */
const wrong: readonly Input[] = [
  ...["gcs", "S3", "", null, 3].map((storage_type) => ({ storage_type })),
  ...["Probe", "a", "-ab", "ab-", "x".repeat(64), "", null].map((name) => ({ bucket: name })),
  ...["", "a/b", "a,b", "a b", null].map((access_key_id) => ({ access_key_id })),
  // Of others a history has a token, which tells nothing of them.
  ...["", null].map((secret_access_key) => ({ secret_access_key })),
  ...["../x", "a/./b", "a/..", ".", "ä", "a\nb"].map((file_prefix) => ({ file_prefix })),
  ...["csv", "jsonl", "", 1].map((file_format) => ({ file_format })),
  ...["probe.invalid", "ftp://probe.invalid", "http://", "http://a/b", "http://a:0", "http://u:p@a"].map(
    (endpoint) => ({ endpoint }),
  ),
  { from: 7_200, to: 3_600 },
  { from: 3_600, to: 3_600 },
  { from: -1, to: 3_600 },
  { from: "0h", to: 3_600 },
  { from: 0, to: "1970-01-01 01:00" },
  { to: 0 },
  { from: 999_999_999_999_999 },
  { pool_name: "of_the_probe" },
  { domain_key: "" },
  { table: "no name" },
  { table: "probe_no_table" },
  { database: "probe_nowhere" },
];

export async function tableExports(party: Party): Promise<void> {
  const { generation, database } = party;
  const inputOf = (input: Input): Input => ({ database, table: kept(generation), ...bucket, ...input });
  const ask = (input: Input) => party.asCustomer("table.export", inputOf(input));
  await party.askByOthers([["table.export", inputOf(range)]]);
  await party.askByCustomer(wrong.map((input) => ["table.export", inputOf(input)]));
  const [domain_key, other] = [`probe table export ${generation}`, `probe exported table ${generation}`];
  for (let times = 2; times > 0; times -= 1) await ask({ ...range, domain_key });
  await party.asCustomer("job.issue", party.order(insert, { domain_key }));
  await party.asCustomer("job.kill", { job_id: await party.issue(insert, { domain_key: other }) });
  await ask({ ...range, domain_key: other });
  await endTransfer(party, "success", said, true);
  // The key stays taken, also for another range and another bucket.
  for (const change of [range, { from: 0 }, { bucket: "others-rows" }]) await ask({ ...change, domain_key });
  for (const [i, input] of telling.entries()) {
    const key = { domain_key: `${domain_key} ${i}` };
    for (let times = 2; times > 0; times -= 1) await ask({ ...input, ...key });
    await endTransfer(party, "success", said);
  }
  const ordered = await ask(range);
  const queued = textField(ordered?.body, "job_id") ?? unknownJob;
  await party.asCustomer("job.kill", { job_id: queued });
  await look(party, queued);
  for (const status of ["error", "killed"] as const) {
    const key = { domain_key: `${domain_key} ${status}` };
    await ask({ ...range, ...key });
    await endTransfer(party, status, said);
    await ask({ ...range, ...key });
  }
}
