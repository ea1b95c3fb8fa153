import { engineLabel } from "../../contracts/job.ts";
import { policySchema } from "../gate/policy.ts";
import { enginesIn, planCells } from "../matrix/cell.ts";
import { openConfig } from "./config.ts";
import { writeResult } from "./output.ts";

/** Prints the policy that freezes what this config asks for now. */
export async function action(_: string[], flags: { config: string }): Promise<void> {
  const { config } = await openConfig(flags.config);
  const cells = planCells("", enginesIn(config), config.scenarios).map(
    ({ engine, scenario }) => `${engineLabel(engine)}/${scenario.name}`,
  );
  await writeResult(`${JSON.stringify(policySchema.parse({ schema: 1, cells }), null, 2)}\n`);
}
