import { loadSettings } from "../../config/load-config.ts";
import { readCosts } from "../../evidence/cost.ts";
import { publicKey } from "../../evidence/dsse.ts";
import { harnessDigest } from "../../evidence/inputs.ts";
import { decide } from "../../gate/decide.ts";
import { gather } from "../../gate/gather.ts";
import { planOf } from "../../gate/plan.ts";
import { parseCandidate, parseDeployed, parseKnown, parseOverrides } from "../../gate/policy.ts";
import { recordedOfFindings } from "../../gate/recorded.ts";
import { now } from "../../now.ts";
import { gateReport, missingCommands } from "../../report/gate.ts";
import { sha256 } from "../../secrets.ts";
import { defaultConfig } from "../shared/defaults.ts";
import { evidencePlaces } from "../shared/evidence-places.ts";
import { readInput } from "../shared/input.ts";
import { writeNamed } from "../shared/out-file.ts";
import { openProgress } from "../shared/output.ts";
import { type ReportFlags, writeReports } from "../shared/reports.ts";

interface GateFlags extends ReportFlags {
  config: string;
  database?: string;
  deployed: string;
  candidate: string;
  evidence: string[];
  known?: string;
  overrides?: string;
  missing?: string;
}

/** Decides whether a candidate may go out. It reads, and writes nothing but its report and what is missing. */
export async function action(_: string[], flags: GateFlags): Promise<void> {
  const { missing } = flags;
  const writeMissing = async (commands: readonly string[]) => {
    if (missing === undefined) return;
    const file = { component: "gate", flag: "--missing", file: missing };
    await writeNamed(file, commands.map((command) => `${command}\n`).join(""));
  };
  // Those of an earlier decision must not pass for this one's.
  await writeMissing([]);
  const read = async <T>(file: string, parse: (text: string, file: string) => T) =>
    parse(await readInput(file), file);
  const listed = await readInput(flags.deployed);
  const deployed = parseDeployed(listed, flags.deployed);
  const { builds: candidate } = await read(flags.candidate, parseCandidate);
  const known = flags.known === undefined ? [] : (await read(flags.known, parseKnown)).failures;
  const overrides =
    flags.overrides === undefined ? [] : (await read(flags.overrides, parseOverrides)).overrides;
  const keys = deployed.policy.keys.map((pem, i) => publicKey(pem, `${flags.deployed}: policy.keys.${i}`));
  const settings = await loadSettings(flags.config, flags.database);
  // What the gate reads holds tokens in the place of secrets.
  const asked = { flags, file: flags.deployed, title: "gate", redact: (text: string) => text };
  await writeReports(asked, async () => {
    using progress = openProgress();
    const { kills } = deployed.policy;
    const places = await evidencePlaces(flags.evidence, progress.phase);
    const { proofs, damaged } = await gather(places, candidate, {
      keys,
      kills,
      live: deployed.builds,
      note: progress.phase,
    });
    const counted = await readCosts(places, keys);
    const decidedAt = now();
    const decision = decide({
      now: decidedAt,
      deployed,
      candidate,
      known,
      overrides,
      plan: planOf(settings),
      harness: await harnessDigest(),
      proofs,
      costs: counted.costs,
      damaged: [...damaged, ...counted.damaged],
    });
    const further = [
      ...(flags.config === defaultConfig ? [] : ["--config", flags.config]),
      ...(flags.database === undefined ? [] : ["--database", flags.database]),
      // Where the key lies that belongs to one of the policy, the gate does not know.
      ...(keys.length === 0 ? [] : ["--sign", "KEY"]),
    ];
    await writeMissing(missingCommands(decision, further));
    const recorded = await recordedOfFindings(decision.findings, proofs);
    return gateReport(decision, { candidate, deployed: sha256(listed), decidedAt, further }, recorded);
  });
}
