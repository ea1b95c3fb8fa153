import type { Upstream } from "../../../../proxy/way.ts";
import { apisOf, type Schedule, versionStepsOf } from "../../../../schedule/schedule.ts";
import { Turns } from "../../../turns.ts";
import type { ContainersRig } from "../../system/open-rig.ts";

/** A process of the API that a call goes to. */
export interface CalledApi {
  name: string;
  /** What it is of; absent where there is only one. */
  release?: string;
  /** The same function for all calls that go there; absent where all calls do. */
  upstream?: () => Upstream | null;
}

/** Which process of the API the next call about a job goes to. @param by as schedules name the caller */
export type NextApi = (by: string, job: number | null) => CalledApi;

/** All processes of a rig's API in turn. */
export function apisInTurn(
  { apis, releases, releaseOf }: Pick<ContainersRig, "apis" | "releases" | "releaseOf">,
  schedule: Pick<Schedule, "seed" | "faults">,
): NextApi {
  const names = apis.map(({ name }) => name);
  const turns = new Turns(() => names, schedule.seed);
  const first = new Map(apisOf(releases));
  const areSeveral = apis.length > 1 || versionStepsOf(schedule).length > 0;
  const all = new Map(apis.map((api) => [api.name, api]));
  return (by, job) => {
    const name = turns.next(by, job);
    if (!areSeveral) return { name };
    const { handle, address: upstream } = all.get(name) as ContainersRig["api"];
    const release = handle === null ? (first.get(name) as string) : releaseOf(handle);
    return { name, release, ...(apis.length > 1 ? { upstream } : {}) };
  };
}
