import { type Generation, generations } from "../../../contracts/job.ts";
import { UsageError } from "../../errors.ts";

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
