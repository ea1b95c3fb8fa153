import type { AttestedBuild } from "../../history/event.ts";
import { sha256 } from "../../secrets.ts";
import type { Build, Deployed } from "../policy.ts";
import type { Proof, ProvenCell } from "../proof.ts";
import type { Plan, Question } from "../question.ts";
import type { Scheduled } from "../scheduled.ts";

/** Small questions to the gate: one API, two workers, two cells each. */

export const now = Date.parse("2026-11-26T12:00:00Z");
export const hourMs = 3_600_000;

export const buildOf = (component: string, mark: string, release = "current"): Build => ({
  component,
  release,
  digest: `digest-${mark}`,
  image: `sha256:${mark.padEnd(64, "0")}`,
});

export const cells = [
  "v5-presto/web",
  "v5-presto/create-table",
  "v6-hive-hdp2/web",
  "v6-hive-hdp2/create-table",
];

export const plan: Plan = {
  current: "current",
  others: ["api", "mysql"],
  workers: [
    { component: "worker-v5", generation: "v5", engines: ["v5-presto"] },
    { component: "worker-v6", generation: "v6", engines: ["v6-hive-hdp2"] },
  ],
  scenarios: new Map(cells.map((cell) => [cell, `scenario ${cell}`])),
  lackedBy: () => new Set(),
  lacksOf: () => [],
  surroundings: "5".repeat(64),
  costConfigOf: ({ api, workers }) => `cost ${api} ${workers.v5} ${workers.v6}`,
  configOf: ({ api, workers }, later = []) =>
    [api, ...later.map(({ release }) => release)].includes("gone")
      ? null
      : `config ${JSON.stringify([api, workers.v5, workers.v6, later])}`,
};

export const live = [buildOf("api", "a1"), buildOf("worker-v5", "b1"), buildOf("worker-v6", "c1")];
export const candidate = buildOf("api", "a2", "next");

export const deployed: Deployed = {
  schema: 1,
  at: new Date(now - hourMs).toISOString(),
  builds: live,
  claiming: [],
  policy: {
    schema: 1,
    cells,
    scenarios: Object.fromEntries(cells.map((cell) => [cell, sha256(`scenario ${cell}`)])),
    probe: true,
    engines: {},
    operations: ["job.issue", "table.swap"],
    surroundings: "5".repeat(64),
    faults: [],
    plans: [],
    kills: [],
    evidenceHours: 168,
    deployedHours: 24,
    goHours: 24,
    keys: [],
  },
};

export const cellOf = (cell: string, more: Partial<ProvenCell> = {}): ProvenCell => ({
  cell,
  verdict: "pass",
  broken: [],
  reason: null,
  worker: cell.startsWith("v5") ? "digest-b1" : "digest-c1",
  scenario: `scenario ${cell}`,
  ...more,
});

const attested = ({ component, release, digest, image }: Build): AttestedBuild => ({
  component,
  release,
  digest: digest ?? "",
  image,
});

/** A whole green run of these builds; by default of the candidate among what is live. */
export function proofWith(builds: readonly Build[], more: Partial<Proof> = {}): Proof {
  const releaseOf = (component: string) =>
    builds.find((one) => one.component === component)?.release ?? "current";
  const releases = {
    api: releaseOf("api"),
    workers: { v5: releaseOf("worker-v5"), v6: releaseOf("worker-v6") },
  };
  return {
    folder: `runs/${builds.map(({ image }) => image?.slice(7, 9)).join("-")}`,
    run: "run",
    rig: "containers",
    at: now - 2 * hourMs,
    attempt: 1,
    shard: null,
    builds: builds.map(attested),
    later: [],
    steps: [],
    images: { mysql: `sha256:${"d1".padEnd(64, "0")}` },
    settings: { sql_mode: "STRICT_TRANS_TABLES" },
    inputs: { harness: "harness", config: plan.configOf(releases) ?? "" },
    releases,
    signer: null,
    cells: cells.map((cell) => cellOf(cell)),
    loose: [],
    lacks: [],
    isProbed: true,
    part: null,
    scheduled: null,
    unfit: null,
    ...more,
  };
}

export const candidateRun = (more: Partial<Proof> = {}): Proof =>
  proofWith([candidate, buildOf("worker-v5", "b1"), buildOf("worker-v6", "c1")], more);

/** All green; attacks change something. */
export const questionWith = (more: Partial<Question> = {}): Question => ({
  now,
  deployed,
  candidate: [candidate],
  known: [],
  overrides: [],
  plan,
  harness: "harness",
  proofs: [candidateRun()],
  costs: [],
  damaged: [],
  ...more,
});

/** A run of a schedule in which every fault fired, without a step that would make it a rolling plan. */
export const scheduledAs = (digest: string, more: Partial<Scheduled> = {}): Scheduled => ({
  digest,
  lacks: [],
  twin: null,
  outcomes: [{ number: 1 }],
  ...more,
});

export const i4 = [{ invariant: "I4", message: "its destination holds 0 rows where 4 belong" }];

/** The candidate's run with one cell as it is told. */
export const runWith = (more: Partial<ProvenCell>, cell = "v5-presto/web"): Proof =>
  candidateRun({ cells: cells.map((one) => cellOf(one, one === cell ? more : {})) });

export const red = runWith({ verdict: "violation", broken: i4 });

/** ISO 8601, so many hours from now. */
export const at = (hours: number): string => new Date(now + hours * hourMs).toISOString();
