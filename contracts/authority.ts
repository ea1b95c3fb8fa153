import type { ErrorReason } from "./errors.ts";
import { type Cluster, clusters, type Generation, generations } from "./job.ts";
import type { Audience, Operation } from "./operation.ts";

/** Who may call what: whose credential a call bears, and how that stands to what the call is about. */

/** No credential, one that the service does not know, a customer's by its cluster, or a worker's by its generation. */
export const credentials = ["none", "unknown", ...clusters, ...generations] as const;
export type Credential = (typeof credentials)[number];

export const isCustomer = (credential: Credential): credential is Cluster =>
  (clusters as readonly Credential[]).includes(credential);
export const isWorker = (credential: Credential): credential is Generation =>
  (generations as readonly Credential[]).includes(credential);

/**
 * `own`: of the customer whose job, database or table it is, or of the generation that runs the job or the engines;
 * `foreign`: of another one.
 */
export const standings = [
  "none",
  "unknown",
  "own customer",
  "foreign customer",
  "own worker",
  "foreign worker",
] as const;
export type Standing = (typeof standings)[number];

type Refusals = Record<Standing, ErrorReason | null>;

const ofAudience: Record<Audience, Refusals> = {
  public: {
    none: null,
    unknown: null,
    "own customer": null,
    "foreign customer": null,
    "own worker": null,
    "foreign worker": null,
  },
  customer: {
    none: "unauthenticated",
    unknown: "unauthenticated",
    "own customer": null,
    // What is another's is not there.
    "foreign customer": "not_found",
    "own worker": "forbidden",
    "foreign worker": "forbidden",
  },
  worker: {
    none: "unauthenticated",
    unknown: "unauthenticated",
    "own customer": "forbidden",
    "foreign customer": "forbidden",
    "own worker": null,
    "foreign worker": "forbidden",
  },
};

/** The authority table: why the operation is refused to a credential of this standing; null where it is for that one. */
export const refusedTo = (
  { audience }: Pick<Operation, "audience">,
  standing: Standing,
): ErrorReason | null => ofAudience[audience][standing];
