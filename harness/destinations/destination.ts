import type { z } from "zod";
import type { Delivery } from "../../contracts/in-process.ts";
import type { Column, Row } from "../../contracts/values.ts";

/** What a destination holds after a run, or should hold. */
export interface Landed {
  rows: readonly Row[];
  /** Deliveries that came, each key once; null where a destination does not count them. */
  deliveries: number | null;
}

/** Host and port of a server. */
export interface Address {
  host: string;
  port: number;
}

/** The rows that a job's query reads, and the columns that they have. */
export interface Source {
  columns: readonly Column[];
  rows: readonly Row[];
}

/**
 * One kind of destination of Result Output: how a scenario writes it, how a customer names it, and how the oracle looks
 * into it. Everything that Interlock knows of a kind is in one file that exports one of these.
 *
 * `Output` is the scenario's output, `Server` the destination's component in the config.
 */
export interface DestinationKind<Output, Server> {
  /** The output as a scenario writes it; it has the kind's name as `kind`. */
  output: z.ZodType<Output>;
  /** Further keys of its component in the config. */
  component: z.ZodRawShape;
  /** What a run that starts it from an image puts into it: files by path, and its port. */
  start: (server: Server) => { files: Readonly<Record<string, string>>; port?: number };
  /** Resolves when the server at this address answers as itself; throws with what was seen instead. */
  greet: (at: Address, server: Server, signal: AbortSignal) => Promise<void>;
  /** What its readiness is called in messages: `status 200 from /_ready`. */
  readiness: (server: Server) => string;
  /** Secrets that its component holds. */
  secrets: (server: Server) => readonly string[];
  /** The URL by which a customer names it. `target` is a name that no other job has. */
  url: (output: Output, target: string, at: Address, server: Server) => string;
  /** The same for a destination that is only simulated, at a host of that name. */
  simulatedUrl: (output: Output, target: string) => string;
  /** Puts there what is there before the job. */
  prepare: (output: Output, target: string, source: Source, open: OpenDestination<Server>) => Promise<void>;
  /** What it holds. */
  read: (output: Output, target: string, source: Source, open: OpenDestination<Server>) => Promise<Landed>;
  /** What it would hold after these deliveries, which came to the very place that `url` names; for simulated ones. */
  after: (output: Output, source: Source, deliveries: readonly Delivery[]) => Landed;
  /** What it must hold once a job has ended: with its result delivered, or as it was before. */
  expected: (output: Output, source: Source, delivered: boolean) => Landed;
}

/** A destination that runs, as the oracle reaches it. */
export interface OpenDestination<Server> {
  at: Address;
  server: Server;
  /** Closed when the run ends. */
  stack: AsyncDisposableStack;
}
