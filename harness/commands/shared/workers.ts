import { type Generation, generations } from "../../../contracts/job.ts";
import { UsageError } from "../../errors.ts";

const generationNames: readonly string[] = generations;

/** The releases of workers by generation: those that the flags `--worker v5=RELEASE` ask for, and the others as they are. */
export function workersIn<T extends Partial<Record<Generation, string>>>(
  asked: readonly string[],
  others: T,
  flag = "--worker",
): T {
  const releases: Partial<Record<Generation, string>> = {};
  for (const one of asked) {
    const [generation = "", release = ""] = one.split(/=(.*)/s);
    if (!generationNames.includes(generation) || release === "")
      throw new UsageError(`${flag} ${one}: expected one of ${generations.join(", ")}, =, and a release`);
    releases[generation as Generation] = release;
  }
  return { ...others, ...releases };
}
