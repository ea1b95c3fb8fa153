import type { ConfigFunction } from "interlock";
import type {
  InProcessBuilds,
  InProcessSystem,
  LoadBuilds,
  Mutant,
  SystemState,
} from "../../contracts/in-process.ts";
import base from "../../interlock.config.ts";

/**
 * The shipped config with three more builds of the API, each wrong in a way of which the smallest counterexample is
 * known: when something has happened to it, it acknowledges what finishes within a minute and keeps nothing of it.
 */

/** What the world did to the API so far; outlives its processes. */
interface Past {
  starts: number;
  lastCallAt: number;
  longestSilenceMs: number;
  /** When it forgot a finish first. */
  forgotAt: number | null;
}

export const silenceMs = 60_000;
/** Longer than a customer waits between two looks. */
const amnesiaMs = 60_000;
const forgets: Record<string, (past: Past) => boolean> = {
  "forgets-after-restart": ({ starts }) => starts > 1,
  "forgets-after-two-restarts": ({ starts }) => starts > 2,
  "forgets-after-silence": ({ longestSilenceMs }) => longestSilenceMs > silenceMs,
};

export const invariant = "I5";

const config: ConfigFunction = (context) => {
  const written = base(context);
  const inProcess: LoadBuilds = async (only) => withForgetful(await buildsOf(written.inProcess, only));
  return { ...written, inProcess };
};
export default config;

async function buildsOf(
  given: ReturnType<ConfigFunction>["inProcess"],
  only?: readonly string[],
): Promise<InProcessBuilds> {
  const builds = await (typeof given === "function" ? given(only) : given?.load(only));
  if (builds === undefined) throw new Error("the config gives no builds in process");
  return builds;
}

const withForgetful = (builds: InProcessBuilds): InProcessBuilds => ({
  system: (releases) => {
    const isForgetful = forgets[releases.api];
    if (isForgetful === undefined) return builds.system(releases);
    const system = builds.system({ ...releases, api: "current" });
    return system && forgetful(system, isForgetful);
  },
  mutants: [...builds.mutants, ...Object.keys(forgets).map(mutant)],
});

const mutant = (id: string): Mutant => ({
  id,
  component: "api",
  source: "suites/trust",
  description: "acknowledges a finish and keeps nothing of it",
  invariant,
  minimalFaults: id === "forgets-after-two-restarts" ? 2 : 1,
});

function forgetful(system: InProcessSystem, isForgetful: (past: Past) => boolean): InProcessSystem {
  const pasts = new WeakMap<SystemState, Past>();
  return {
    ...system,
    startApi: (state, ports) => {
      const past = pasts.get(state) ?? { starts: 0, lastCallAt: 0, longestSilenceMs: 0, forgotAt: null };
      pasts.set(state, past);
      past.starts += 1;
      const api = system.startApi(state, ports);
      return {
        ...api,
        call: async (operation, input, authorization) => {
          const now = ports.clock.now();
          past.longestSilenceMs = Math.max(past.longestSilenceMs, now - past.lastCallAt);
          past.lastCallAt = now;
          if (operation !== "worker.finish" || !isForgetful(past))
            return api.call(operation, input, authorization);
          past.forgotAt ??= now;
          return now > past.forgotAt + amnesiaMs
            ? api.call(operation, input, authorization)
            : { status: 200, body: { job_id: input["job_id"], status: input["status"] } };
        },
      };
    },
  };
}
