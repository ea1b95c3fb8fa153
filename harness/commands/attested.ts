import { loadSettings } from "../config/load-config.ts";
import { UsageError } from "../errors.ts";
import { historyOf, readEvidence } from "../evidence/read.ts";
import { planOf } from "../gate/plan.ts";
import { policySchema } from "../gate/policy.ts";
import { databaseName } from "../gate/question.ts";
import { probeLack } from "../rigs/containers/schedule/probe.ts";
import { sha256 } from "../secrets.ts";
import { writeResult } from "./shared/output.ts";

interface AttestedFlags {
  config: string;
  component: string[];
  policy?: true;
}

/** Prints the builds that a run attested, as the gate takes them for a candidate or, with a policy, for what is live. */
export async function action([folder = ""]: string[], flags: AttestedFlags): Promise<void> {
  const evidence = await readEvidence(folder, []);
  const damaged = "damage" in evidence ? evidence : await historyOf(evidence);
  if ("damage" in evidence || "damage" in damaged)
    throw new UsageError(`${folder}: no evidence: ${"damage" in damaged ? damaged.damage : ""}`);
  const { at, images } = evidence.predicate;
  const database = images[databaseName];
  const builds = [
    ...evidence.predicate.builds,
    ...(database === undefined ? [] : [{ component: databaseName, release: "current", image: database }]),
  ];
  const unknown = flags.component.filter((name) => !builds.some(({ component }) => component === name));
  if (unknown.length > 0)
    throw new UsageError(
      `--component ${unknown.join(" ")}: the run had ${builds.map((one) => one.component).join(", ")}`,
    );
  const { component: wanted } = flags;
  const listed = {
    schema: 1,
    at: new Date(at).toISOString(),
    builds: builds.filter(({ component }) => wanted.length === 0 || wanted.includes(component)),
    ...(flags.policy ? { policy: await policyOf(flags.config) } : {}),
  };
  await writeResult(`${JSON.stringify(listed, null, 2)}\n`);
}

/** What a config asks for now. */
async function policyOf(file: string) {
  const settings = await loadSettings(file);
  const { scenarios, workers } = planOf(settings);
  return policySchema.parse({
    schema: 1,
    cells: [...scenarios.keys()],
    engines: Object.fromEntries(workers.map(({ component, engines }) => [component, engines])),
    scenarios: Object.fromEntries([...scenarios].map(([cell, text]) => [cell, sha256(text)])),
    probe: probeLack(settings.config) === null,
  });
}
