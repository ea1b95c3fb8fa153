import { type Generation, generations } from "../../../contracts/job.ts";
import type { Config } from "../../config/config.ts";
import { UsageError } from "../../errors.ts";
import { workerRelease } from "../../rigs/containers/system/releases.ts";
import { type Named, releasesOfCode, withoutCode } from "../../rigs/in-process/find-system.ts";

/** The releases of workers by generation: those that the flags `--worker v5=RELEASE` ask for, and the others as they are. */
export const workersIn = <T extends Partial<Record<Generation, string>>>(
  asked: readonly string[],
  others: T,
  flag = "--worker",
): T => ({ ...others, ...releasesIn(asked, generations, flag) });

/**
 * The release that a flag such as `--to api=next v5=next` names for each of these.
 *
 * @throws UsageError where it names none, something else, or two of one of them
 */
export function releasesIn<Name extends string>(
  asked: readonly string[],
  names: readonly Name[],
  flag: string,
): Partial<Record<Name, string>> {
  const releases: Partial<Record<Name, string>> = {};
  for (const one of asked) {
    const [named, release = ""] = one.split(/=(.*)/s);
    const name = names.find((known) => known === named);
    if (name === undefined || release === "")
      throw new UsageError(`${flag} ${one}: expected one of ${names.join(", ")}, =, and a release`);
    if (releases[name] !== undefined && releases[name] !== release)
      throw new UsageError(
        `${flag} ${one}: expected one release of ${name}, and ${releases[name]} is another`,
      );
    releases[name] = release;
  }
  return releases;
}

/** Releases by what they are of: `api`, or the workers of a generation. */
type Asked = Partial<Record<Generation | "api", string>>;

/**
 * Looks up what flags name before anything is started.
 *
 * @throws UsageError for a release that the config does not have, with those that it has
 */
export function mustHave(config: Config, { api, ...workers }: Asked, flag = "--worker"): void {
  if (api !== undefined && !Object.hasOwn(config.api, api))
    throw new UsageError(`no API release ${api} in the config; it has ${Object.keys(config.api).join(", ")}`);
  for (const generation of generations) {
    const release = workers[generation];
    const all = Object.values(config.workers).filter((worker) => worker.generation === generation);
    if (all.length === 0 || all.some((worker) => workerRelease(config, worker, release) !== undefined))
      continue;
    const known = [config.current, ...all.flatMap(({ releases }) => Object.keys(releases))];
    throw new UsageError(
      `${flag} ${generation}=${release}: no such release of these workers in the config; it has ${[...new Set(known)].join(", ")}`,
    );
  }
}

/**
 * The same of what runs as code in this process, which has releases that stand in no config.
 *
 * @throws UsageError for a release of which there is no code, with those of which there is
 */
export async function mustHaveCode(config: Config, asked: Asked, flag = "--worker"): Promise<void> {
  const wanted = (["api", ...generations] as const).flatMap((name): Named[] => {
    const release = asked[name];
    return release === undefined ? [] : [[name === "api" ? name : `worker-${name}`, release]];
  });
  for (const [component, release] of await withoutCode(config, wanted)) {
    const known = await releasesOfCode(config, component);
    const flagged = component === "api" ? "--api " : `${flag} ${component.replace("worker-", "")}=`;
    throw new UsageError(
      `${flagged}${release}: no such release among the in-process builds of the config; they are ${known.join(", ")}`,
    );
  }
}
