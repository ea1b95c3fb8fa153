import type { z } from "zod";
import type { DestinationSettings } from "../../contracts/destination.ts";
import type { Column, Row } from "../../contracts/values.ts";
import type { LoggedServer } from "../oracle/binlog.ts";
import type { Allowance } from "../world/trace-problems.ts";
import type { Survey } from "../world/world.ts";

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
  /** The columns of 1 and 0 that records carry as true and false. */
  booleans?: readonly string[] | undefined;
}

/** An object that is there before a job, and stays. */
export interface HeldObject {
  name: string;
  body: Uint8Array<ArrayBuffer>;
  /** Its records; none of one that cannot be read. */
  rows: readonly Row[];
}

/**
 * One kind of destination of Result Output: how a scenario writes it, how a customer names it, and how the oracle looks
 * into it. Everything that Interlock knows of a kind is in one file that exports one of these.
 *
 * `OutputSchema` is of the output as a scenario writes it, with the kind's name as `kind`; `Component` has the further
 * keys of its component in the config. Methods, so that a kind may stand for any of them.
 */
export interface DestinationKind<OutputSchema extends z.ZodObject, Component extends z.ZodRawShape> {
  output: OutputSchema;
  component: Component;
  /** What workers speak to it: on HTTP a delivery is a call that faults can break, on TCP its bytes pass unread. */
  protocol: "http" | "tcp";
  /** What a run that starts it from an image puts into it: files by path, and the port where it listens. */
  start(server: Server<Component>): { files: Readonly<Record<string, string>>; port?: number };
  /** One try. Resolves when the server at this address answers as itself; throws with what was seen instead. */
  greet(at: Address, server: Server<Component>, signal: AbortSignal): Promise<void>;
  /** What `greet` waits for, in words: `status 200 from /_ready`. */
  readiness(server: Server<Component>): string;
  /** Secrets that its component holds. */
  secrets(server: Server<Component>): readonly string[];
  /** The URL by which a customer names it. `target` is a name that no other job has. */
  url(output: z.output<OutputSchema>, target: string, at: Address, server: Server<Component>): string;
  /** The same for a destination that is only simulated. */
  simulatedUrl(output: z.output<OutputSchema>, target: string): string;
  /** The output that asks for nothing else than that the rows arrive, and the one that must be refused; null where none is. */
  plainest: z.output<OutputSchema>;
  refusing: z.output<OutputSchema> | null;
  /** Whether it takes no delivery of these rows, however often they are sent; absent where it takes all. */
  refuses?(output: z.output<OutputSchema>, source: Source): boolean;
  /** Delivers the rows of the source as a worker does, with the credentials of the URL; throws where that is refused. */
  deliver(
    output: z.output<OutputSchema>,
    target: string,
    source: Source,
    open: OpenDestination<Server<Component>>,
  ): Promise<void>;
  /** The objects from which its job reads: absent where no job reads there, and none where it delivers. */
  holds?(output: z.output<OutputSchema>, target: string, source: Source): readonly HeldObject[];
  /** Outputs at which lies what no job can read: absent where there is none. */
  unreadable?(output: z.output<OutputSchema>): readonly z.output<OutputSchema>[];
  /** The rows of the source as its job reads them there: absent where no job reads there. */
  asRead?(source: Source): readonly Row[];
  /** Puts there what is there before the job. */
  prepare(
    output: z.output<OutputSchema>,
    target: string,
    source: Source,
    open: OpenDestination<Server<Component>>,
  ): Promise<void>;
  /** What it holds. What came and cannot be read is a row that says so: it is no fault of the destination. */
  read(
    output: z.output<OutputSchema>,
    target: string,
    source: Source,
    open: OpenDestination<Server<Component>>,
  ): Promise<Landed>;
  /** Where a delivery with these settings lands: the name of the place in `survey`. */
  place(settings: DestinationSettings): string;
  /** The place of a request, by its method and URL; absent where that is the place itself. */
  placeOfRequest?(request: string): string;
  /**
   * All that it holds, whoever put it there, by place; but not of tables that are to be passed over. Null where it does
   * not tell.
   */
  survey(open: OpenDestination<Server<Component>>, options: SurveyOptions): Promise<Survey | null>;
  /** The server whose log tells what was done there; of a kind that has one. Null where it is not to be read. */
  log?(open: OpenDestination<Server<Component>>): Promise<DestinationLog | null>;
  /** What a delivery may do there in the meantime; null where no log tells of it. */
  meanwhile(output: z.output<OutputSchema>, source: Source): Omit<Allowance, "isFilled"> | null;
  /** What it holds after these deliveries, which came to the very place that the output names; after none, what was there before. */
  after(output: z.output<OutputSchema>, source: Source, deliveries: readonly Pick<Source, "rows">[]): Landed;
}

export interface DestinationLog extends LoggedServer {
  /** Tables that workers keep there for themselves. */
  own: readonly string[];
}

export interface SurveyOptions {
  isPassedOver: (name: string) => boolean;
  /** Ids of the jobs whose own records are no finding. */
  jobs: readonly string[];
}

type Server<Component extends z.ZodRawShape> = z.output<z.ZodObject<Component>>;

/** Gives a kind its types from its schemas. */
export const destinationKind = <OutputSchema extends z.ZodObject, Component extends z.ZodRawShape>(
  kind: DestinationKind<OutputSchema, Component>,
): DestinationKind<OutputSchema, Component> => kind;

/** A destination that runs, as the oracle reaches it; the same object for as long as it runs. */
export interface OpenDestination<Server> {
  at: Address;
  server: Server;
  /** Closed when the run ends. */
  stack: AsyncDisposableStack;
}

/** `host:port` as it stands in a URL. */
export const hostAndPort = ({ host, port }: Address): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** The host of every simulated destination. */
export const simulatedHost = "destination.test";

/** Stands in the place of rows that came and cannot be read: unlike any rows that were asked for. */
export const unreadable = (why: string): Row => [`cannot be read: ${why}`];

/** What came in these deliveries, each with its rows. */
export const landed = (deliveries: readonly (readonly Row[])[]): Landed => ({
  rows: deliveries.flat(),
  deliveries: deliveries.length,
});
