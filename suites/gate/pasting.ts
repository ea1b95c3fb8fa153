import { Checkout } from "./checkout.ts";
import { isCommand } from "./nexts.ts";

/** A checkout in which the commands that a NO-GO prints are pasted into a shell. */

export const bad = "2015-08-24";

const lost = {
  format: 2,
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 1 },
  releases: { api: bad, workers: {} },
  seed: 1,
  faults: [
    {
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "after" },
      fault: { kind: "lost" },
    },
  ],
};

export class Pasting implements AsyncDisposable {
  readonly checkout: Checkout;

  private constructor(checkout: Checkout) {
    this.checkout = checkout;
  }

  /** Both releases as candidates, and lists of what is live: `live.json` asks for the matrix, `faults.json` for a schedule too. */
  static async open(): Promise<Pasting> {
    const pasting = new Pasting(await Checkout.open());
    const { checkout } = pasting;
    await checkout.put("lost.json", lost);
    for (const release of ["current", bad]) {
      const run = await pasting.keptBy(`script/compat --api ${release} --cell '${release}/*/no-output'`);
      await checkout.put(`${release}.json`, await checkout.attested(`${run} --component api`));
      if (release !== "current") continue;
      await checkout.put("live.json", await checkout.attested(`${run} --policy`));
      await checkout.put("faults.json", await checkout.attested(`${run} --policy --faults lost.json`));
    }
    return pasting;
  }

  /** The folder of the run that a command leaves, which must say nothing against it. */
  async keptBy(line: string): Promise<string> {
    const { stdout, stderr } = await this.checkout.paste(line);
    if (stderr !== "") throw new Error(`${line}: ${stderr}`);
    return stdout.replace("kept in ", "");
  }

  /** The exit codes of all these commands. */
  async all(lines: readonly string[]): Promise<(number | undefined)[]> {
    const others = lines.filter((line) => !isCommand(line));
    if (lines.length === 0 || others.length > 0)
      throw new Error(`expected commands, got ${lines.join("; ")}`);
    const codes: (number | undefined)[] = [];
    for (const line of lines) codes.push((await this.checkout.paste(line)).exitCode);
    return codes;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.checkout[Symbol.asyncDispose]();
  }
}

export const asked = (candidate: string, live = "live.json"): string =>
  `script/interlock gate --deployed ${live} --candidate ${candidate}.json`;
