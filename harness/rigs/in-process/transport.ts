import type { ApiProcess, Reply, WorkerApi } from "../../../contracts/in-process.ts";
import { type OperationId, operations } from "../../../contracts/operations.ts";
import { field } from "../../../contracts/step.ts";
import type { SimulatedProcess } from "./process.ts";

/** How calls to the API are made: this is all in which the in-process rigs differ. */
export interface Transport {
  /** Name of the rig that it belongs to. */
  rig: string;
  /** What a worker is given to call the API with; each call comes out at `call`. */
  workerApi(worker: SimulatedProcess, call: WorkerCall): WorkerApi;
  /** Resolves when the calls that the worker has begun are under way; null where they always are. */
  begun(worker: SimulatedProcess): Promise<unknown> | null;
  /** How a call that has arrived is put to the API. */
  serve(
    api: ApiProcess,
    operation: OperationId,
    input: Record<string, unknown>,
    authorization: string | null,
  ): Promise<Reply>;
  /** Resolves when everything that can go on without time has gone on. */
  settle(): Promise<void>;
}

export type WorkerCall = Extract<WorkerApi, { kind: "direct" }>["call"];

/** One turn of the event loop: every promise that is due has run by its end. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** The simulated rig's: a call is a function call. */
export const direct: Transport = {
  rig: "simulated",
  workerApi: (_, call) => ({ kind: "direct", call }),
  begun: () => null,
  serve: async (api, operation, input, authorization) => {
    const reply = await api.call(operation, input, authorization);
    return operations[operation].reply.kind === "json" ? reply : { ...reply, body: textOf(reply.body) };
  },
  settle: turn,
};

/** A file as its reader gets it; a refusal stays what it is. */
function textOf(body: unknown): unknown {
  const bytes = field(body, "bytes");
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : body;
}
