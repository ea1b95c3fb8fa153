import { exitCode } from "../../errors.ts";
import { holds, parseDecided } from "../../gate/holds.ts";
import { parseCandidate, parseDeployed } from "../../gate/policy.ts";
import { now } from "../../now.ts";
import type { Report } from "../../report/report.ts";
import { sha256 } from "../../secrets.ts";
import { readInput } from "../shared/input.ts";
import { type ReportFlags, writeReports } from "../shared/reports.ts";

interface HoldsFlags extends ReportFlags {
  deployed: string;
  candidate: string;
}

/** Says, at the moment of deployment, whether what the gate decided still holds for these builds. */
export async function action([file = ""]: string[], flags: HoldsFlags): Promise<void> {
  const title = `holds ${file}`;
  await writeReports({ flags, file, title, redact: (text) => text }, async () => {
    const decided = parseDecided(await readInput(file), file);
    const listed = await readInput(flags.deployed);
    const deployed = parseDeployed(listed, flags.deployed);
    const { builds: candidate } = parseCandidate(await readInput(flags.candidate), flags.candidate);
    const held = holds({ now: now(), decided, candidate, deployed, deployedDigest: sha256(listed) });
    return reportOf(title, held);
  });
}

function reportOf(title: string, held: ReturnType<typeof holds>): Report {
  const { exit, said, next } = held;
  const verdict = exit === exitCode.go ? "pass" : "missing";
  return {
    title,
    verdict,
    exit,
    reasons: verdict === "pass" ? [] : [said],
    cases: [{ path: "holds", verdict, violations: [], reason: said, story: [], repeat: next }],
    text: `${said}\n  next: ${next}`,
    data: held,
  };
}
