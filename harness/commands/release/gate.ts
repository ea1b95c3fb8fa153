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
import { formats } from "../../report/formats/index.ts";
import { gateReport, missingCommands } from "../../report/gate.ts";
import { sha256 } from "../../secrets.ts";
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
  record?: string;
}

/** Decides whether a candidate may go out. It reads, and writes nothing but its report, its record and what is missing. */
export async function action(_: string[], flags: GateFlags): Promise<void> {
  const write = async (flag: "missing" | "record", text: string) => {
    const file = flags[flag];
    if (file !== undefined) await writeNamed({ component: "gate", flag: `--${flag}`, file }, text);
  };
  // Those of an earlier decision must not pass for this one's.
  await write("missing", "");
  await write("record", "");
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
    // Where the key lies that belongs to one of the policy, the gate does not know.
    const further = keys.length === 0 ? [] : ["--sign", "KEY"];
    const commands = missingCommands(decision, further);
    await write("missing", commands.map((command) => `${command}\n`).join(""));
    const recorded = await recordedOfFindings(decision.findings, proofs);
    const about = { candidate, deployed: sha256(listed), decidedAt, further };
    const report = gateReport(decision, about, recorded);
    await write("record", formats.json.render(report));
    return report;
  });
}
