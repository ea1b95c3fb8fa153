import { type DestinationSettings, parseDestination } from "../../../contracts/destination.ts";
import { kindNamed } from "../../destinations/index.ts";
import { destinationNameOf } from "../../schedule/scenario.ts";
import type { Job, UrlOf } from "../workload.ts";

/** Where results go in a simulated world. */

/** The URL of a destination that is only simulated. */
export const simulatedUrl: UrlOf = (name, output, target) => kindNamed(name).simulatedUrl(output, target);

/** The settings that a job's URL stands for; null without one that can be read. */
export function settingsOf({ scenario, target }: Job): DestinationSettings | null {
  const name = destinationNameOf(scenario);
  if (name === null || scenario.output === null) return null;
  const parsed = parseDestination(simulatedUrl(name, scenario.output, target));
  return parsed.ok ? parsed.settings : null;
}
