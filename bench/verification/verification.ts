import { once } from "node:events";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { median } from "../../harness/quantile.ts";
import type { Bar } from "../bar.ts";
import type { Bench } from "../bench.ts";
import { installPeers } from "../peers.ts";

/** The workers' contracts against one provider, by Interlock and by Pact's verifier, each as a process, by turns. */

const peer = "@pact-foundation/pact";
const sizes = [100, 1_000];
const latencies = [0, 20];
const rounds = 5;
const verifiers = ["by-interlock", "by-pact"] as const;
type By = (typeof verifiers)[number];

const verified = z.object({ broken: z.int(), millis: z.number() });

/** Of one verification: how long it took, and the whole process with the loading of its modules. */
interface Took {
  millis: number;
  whole: number;
}

export async function measureVerification({ folder, note }: Bench): Promise<Bar[]> {
  note(`installing ${peer}`);
  await installPeers();
  const bars: Bar[] = [];
  const notTold = await whoMissesAWrongReply(folder);
  for (const checks of sizes) {
    const told: string[] = [];
    let least = Number.POSITIVE_INFINITY;
    for (const latency of latencies) {
      await using provider = await startProvider(checks, latency);
      const took: Record<By, Took[]> = { "by-interlock": [], "by-pact": [] };
      for (let round = 1; round <= rounds; round += 1) {
        note(`${checks} checks at ${latency} ms, round ${round} of ${rounds}`);
        for (const by of verifiers) {
          const { broken, ...one } = await verify(by, checks, provider.url, folder);
          if (broken > 0) throw new Error(`bench: ${by} found a right provider broken; run it by hand`);
          took[by].push(one);
        }
      }
      const of = (by: By, what: keyof Took): number => median(took[by].map((one) => one[what]));
      const [own, other] = [of("by-interlock", "millis"), of("by-pact", "millis")];
      least = Math.min(least, other / own);
      told.push(
        `${latency} ms of latency: ${ms(own)} against ${ms(other)}, ${(other / own).toFixed(1)}x; whole processes ${ms(of("by-interlock", "whole"))} against ${ms(of("by-pact", "whole"))}`,
      );
    }
    const blind = notTold.length === 0 ? "" : `; a wrong reply was not seen ${notTold.join(" and ")}`;
    bars.push({
      bar: `contract verification, ${checks} checks, beside ${peer}`,
      line: ">= 10x",
      measured: `${told.join("; ")}${blind}; medians of ${rounds}`,
      met: least >= 10 && notTold.length === 0,
    });
  }
  return bars;
}

/** A verifier that is fast because it looks at nothing is not measured as one. */
async function whoMissesAWrongReply(folder: string): Promise<By[]> {
  const [checks, wrong] = [20, 7];
  await using provider = await startProvider(checks, 0, wrong);
  const blind: By[] = [];
  for (const by of verifiers)
    if ((await verify(by, checks, provider.url, folder)).broken === 0) blind.push(by);
  return blind;
}

async function verify(by: By, checks: number, url: string, folder: string) {
  const began = performance.now();
  const { stdout } = await execa(
    "node",
    [`bench/verification/${by}.ts`, String(checks), url, join(folder, "pact.json")],
    { preferLocal: true, env: { PACT_DO_NOT_TRACK: "true" } },
  );
  const whole = performance.now() - began;
  return { ...verified.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")), whole };
}

async function startProvider(...argv: number[]) {
  const process = execa("node", ["bench/verification/provider.ts", ...argv.map(String)], {
    preferLocal: true,
    reject: false,
  });
  const [port] = (await once(process.stdout, "data")) as [Buffer];
  return {
    url: `http://127.0.0.1:${String(port).trim()}`,
    [Symbol.asyncDispose]: async () => {
      process.kill();
      await process;
    },
  };
}

const ms = (millis: number): string => `${Math.round(millis)} ms`;
