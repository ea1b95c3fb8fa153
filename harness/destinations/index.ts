import type { z } from "zod";
import type { DestinationKind } from "./destination.ts";
import { mysql } from "./mysql.ts";
import { s3 } from "./s3.ts";
import { td } from "./td.ts";
import { web } from "./web.ts";

/** Every kind of destination, a line each; all that Interlock knows of a kind is in its file. */
export const destinationKinds = { web, mysql, s3 } as const;

/** The same of kinds without a server of their own: what they are delivered lies in the service. */
export const serviceKinds = { td } as const;

export type DestinationName = keyof typeof destinationKinds;

export const destinationNames = Object.keys(destinationKinds) as DestinationName[];

type OutputSchema =
  | (typeof destinationKinds)[DestinationName]["output"]
  | (typeof serviceKinds)[keyof typeof serviceKinds]["output"];

/** The outputs that a scenario may have, for a union by `kind`. */
export const outputSchemas = [...Object.values(destinationKinds), ...Object.values(serviceKinds)].map(
  ({ output }) => output,
) as [OutputSchema, ...OutputSchema[]];

/** Any kind, for whoever has an output and a component that belong to it. */
export const kindNamed = (name: DestinationName): DestinationKind<z.ZodObject, z.ZodRawShape> =>
  destinationKinds[name];
