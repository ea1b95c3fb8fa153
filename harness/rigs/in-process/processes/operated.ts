import type { InProcessSystem, SystemState } from "../../../../contracts/in-process.ts";
import type { Actions } from "../transit.ts";
import type { Apis } from "./apis.ts";

export type OperatorAction = "setSystem" | "shareCalls";

/** What an operator does to a system that runs. */
export const operated = (
  { settings = {} }: Pick<InProcessSystem, "settings">,
  { state, apis }: { state: SystemState; apis: Pick<Apis, "share"> },
): Pick<Actions, OperatorAction> => ({
  setSystem: (setting, value) => {
    const set = settings[setting];
    return set === undefined ? null : () => set(state, value);
  },
  shareCalls: (release, percent) => () => apis.share(release, percent),
});
