import { execa } from "execa";
import type { Mutant } from "../../contracts/in-process.ts";
import type { Bar } from "../bar.ts";
import type { Bench } from "../bench.ts";
import { installPeers } from "../peers.ts";
import { countsOf, type Found, foundBy, type Need, type PeerName } from "./counts.ts";
import { mutantsPage } from "./page.ts";

/** The same wrong builds of the API through Interlock and its peers, each peer as a process. */

const needOf = ({ invariant, rolled, operated, minimalFaults }: Mutant): Need => {
  if (invariant === null) return "control";
  if (rolled !== undefined) return "a roll-out";
  if (operated !== undefined) return "an operator";
  return minimalFaults === 0 ? "nothing" : "faults";
};

/** Those that look at the same are one process. */
const together: readonly (readonly PeerName[])[] = [["interlock"], ["pact"], ["fuzz", "diff"]];

/** Every tenth build shows soon whether all still works. */
const every = { whole: 1, quick: 10 };

export async function measureMutants({ config, note, quick }: Bench): Promise<Bar> {
  note("installing the peers");
  await installPeers();
  const step = quick ? every.quick : every.whole;
  const builds = (await config.inProcess?.load())?.mutants ?? [];
  const asked = builds.filter(({ component }) => component === "api").filter((_, i) => i % step === 0);
  const peers: Found["peers"] = [];
  for (const names of together) {
    note(`${asked.length} builds through ${names.join(" and ")}`);
    const argv = ["bench/mutants/peer.ts", ...names, "--every", String(step)];
    const { stdout } = await execa("node", argv, { preferLocal: true, env: { PACT_DO_NOT_TRACK: "true" } });
    peers.push(...foundBy.array().parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")));
  }
  const found: Found = {
    day: new Date().toISOString().slice(0, 10),
    builds: asked.map((one) => ({ id: one.id, needs: needOf(one) })),
    peers,
  };
  return barOf(found);
}

export function barOf(found: Found): Bar {
  const all = found.builds.filter((one) => one.needs !== "control").length;
  const controls = found.builds.length - all;
  const told = found.peers.map(({ peer, seconds }) => {
    const counts = countsOf(found, peer);
    return `${peer} ${counts.mutants} of ${all} (${counts.controls} of ${controls} controls; ${seconds} s)`;
  });
  const own = countsOf(found, "interlock");
  return {
    bar: "wrong builds of the API that are found, beside a pact, a schema diff and a fuzzer by schema",
    line: "all, and no control",
    measured: told.join("; "),
    met: own.mutants === all && own.controls === 0,
    kept: {
      "docs/peers.json": `${JSON.stringify(found, null, 1)}\n`,
      "docs/peers.md": mutantsPage(found),
    },
  };
}
