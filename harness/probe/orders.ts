import { enginesOf, queryTypes } from "../../contracts/job.ts";
import type { Held, Input, Party } from "./probe.ts";
import { scheduledTypes } from "./scheduled.ts";
import { ended, insert, look } from "./tries.ts";

/** What customers may order, in values by which any folding, cutting, rounding or rewriting shows. */

/** Blanks at both ends, a comment before the first word, line ends of two kinds, and characters that are composed, beyond the first plane, or escaped elsewhere. */
const telling =
  "\n\t/* first */ SELECT  'Ä e\u0301 é \u{1F600} \\\\ \\n %s <b>&amp;</b> ?' AS \"One\" -- create table\r\n/* ; */ ; \n";

/** Longer than columns and pages that are meant for short texts, and than an engine takes: its worker is to say so. */
const long = `INSERT INTO probes SELECT 1 /* ${"0123456789".repeat(100_000)} */`;

/** Numbers come as such or, from forms, as digits; null is what a client sends for nothing. */
const orders: readonly Input[] = [
  { query: long },
  { query: telling, priority: -2, retry_limit: "32" },
  { query: insert, priority: "2", retry_limit: 0, result: "" },
  { query: insert, priority: "-1", retry_limit: 32 },
  { query: insert, priority: null, retry_limit: null, result: null },
];

const address = "probe.invalid";

/** Destinations that nothing is ever delivered to, by what one of them alone has. */
const destinations: readonly string[] = [
  `web://${address}`,
  `web://prober@${address}:8080/a%2fb%2Fc+d%20e?b=2&a=1&method=PoSt&a=%C3%B6`,
  `webs://prober:prober%40%3A%2F%25%2B+pass@${address}/?method=put`,
  `web://prober:prober-password@[2001:db8::1]/${"long/".repeat(80)}`,
  `mysql://prober@${address}/Mart/$Table_1`,
  `mysql://prober:prober-password@[2001:db8::1]:3307/mart/t?mode=replace`,
  `mysql://prober:prober-password@${address}:3306/mart/t?mode=truncate`,
  `mysql://prober:prober-password@${address}/mart/t?unique=id&unique=x&mode=append`,
  `mysql://prober:prober-password@${address}/mart/t?mode=update&unique=Id,na+me%2Cx`,
];

/** Each is shown as it was ordered, and handed out so, in the first protocol and in the newest. */
export async function orderly(party: Party): Promise<void> {
  const all = [...orders, ...destinations.map((result) => ({ query: "SELECT 1", result }))];
  for (const { query, ...more } of all) {
    const id = await party.issue(String(query), more);
    await party.asCustomer("job.show", { job_id: id });
  }
  for (const i of all.keys()) {
    const held = (i % 3 === 0 ? null : await party.claimNewest(1)) ?? (await party.claim(1));
    if (held === null) return;
    // A failure would be followed by another attempt.
    await party.asWorker(1, "worker.finish", ended(held, "killed", { message: "enough" }));
  }
  await party.asCustomer("job.list", { to: all.length - 1 });
}

/** Words that are others for whoever compares to the letter and to the end. */
const words: readonly string[] = [
  "probe Key",
  "probe key",
  "probe Key ",
  " probe Key",
  "probe  Key",
  "probe K\u00e9y",
  "probe Ke\u0301y",
  "probe \u00fc",
  "probe o\u0308",
  `${"k".repeat(254)}1`,
  `${"k".repeat(254)}2`,
  // It is the id of another job as well.
  "16",
  // As part of a path each of these is written otherwise, and read back once.
  "probe%20Key",
  "probe+Key",
  "probe//Key?a=b&c=d#e;f",
  "probe/../\u{1F600} \\\\ '\" %",
];

/** Words that nobody has, but whoever compares less than that, or reads them as something else. */
const nearWords: readonly string[] = [
  "PROBE KEY",
  "probe Ke",
  "probe Key  ",
  "probe K%",
  "probe_Key",
  "probe K\u00e8y",
  "probe K\u00e9y\u200b",
  "probe u\u0308",
  "probe \u00f6",
  "k".repeat(254),
  `${"k".repeat(254)}3`,
  `${"k".repeat(254)}11`,
  "k".repeat(4_000),
  "' OR domain_key = 'probe Key",
  "016",
  "16.0",
  "probe Key?a=b",
  "probe Key#a",
  "probe Key/",
  "*",
  "null",
];

/** A word of its own makes a job of its own, and is taken for good: other orders, and the job's end, give it to nobody. */
export async function keys(party: Party): Promise<void> {
  // What was refused has taken no word.
  await party.askByCustomer(
    words.map((domain_key) => ["job.issue", party.order(insert, { domain_key, database: "probe_nowhere" })]),
  );
  const askOf = (keys: readonly string[]) =>
    party.askByCustomer(keys.map((domain_key) => ["job.status_by_domain_key", { domain_key }]));
  await askOf(words);
  for (const domain_key of words) await party.issue(insert, { domain_key, priority: 1 });
  await askOf([...words, ...nearWords]);
  for (const domain_key of words) await party.asCustomer("job.issue", party.order(insert, { domain_key }));
  const [domain_key] = words;
  const other = party.order("SELECT 2", { domain_key });
  await party.asCustomer("job.issue", { ...other, type: "presto" });
  await party.asCustomer("job.issue", { ...other, type: "hive" });
  const held: Held[] = [];
  for (const _ of words) held.push((await party.claim(1)) ?? { job_id: "1", attempt: 1 });
  const statuses = ["success", "error", "killed"];
  for (const [i, one] of held.entries()) {
    const status = statuses[i % statuses.length] as string;
    const report = status === "success" ? { num_records: 1 } : { message: "enough" };
    await party.asWorker(1, "worker.finish", ended(one, status, report));
  }
  for (const taken of words) await party.asCustomer("job.issue", party.order(insert, { domain_key: taken }));
  await look(party, held[0]?.job_id ?? "1");
  // An id is no key, whoever's it is.
  await askOf(held.slice(0, 2).map(({ job_id }) => job_id));
}

/** Each customer may order queries of each type: type and cluster of the customer decide who runs them. */
export async function everyType(parties: readonly Party[]): Promise<void> {
  for (const party of parties) {
    for (const type of queryTypes) await look(party, await party.issue(insert, { type }));
    await scheduledTypes(party);
  }
  // A worker may run a part of what its generation does.
  for (const party of parties) {
    const partly: (Held | null)[] = [];
    for (const engine of enginesOf[party.generation].toReversed())
      partly.push(await party.claim(1, { engines: [engine] }));
    for (const held of [...partly, ...(await party.claimAll(1))])
      if (held !== null)
        await party.asWorker(1, "worker.finish", ended(held, "error", { message: "enough" }));
  }
}
