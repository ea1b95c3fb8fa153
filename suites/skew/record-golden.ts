import { combinationsOf } from "../../harness/skew/combinations.ts";
import { fullOf, goldenOf, record } from "./golden.ts";
import { openRig, policy } from "./rig.ts";

/** Records the golden exchanges anew: node_modules/.bin/node suites/skew/record-golden.ts, from the repository's root. */
await using rig = await openRig();
const full = await goldenOf(rig, fullOf);
for (const releases of combinationsOf(policy)) await record(releases, await goldenOf(rig, releases), full);
