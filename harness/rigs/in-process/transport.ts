import { asRead, parseJson } from "../../../contracts/bounds/wide-integers.ts";
import { isFileReply } from "../../../contracts/exchange.ts";
import { fileBodyOf } from "../../../contracts/file-body.ts";
import type { ApiProcess, Reply, WorkerApi } from "../../../contracts/in-process.ts";
import { bodyOf, fillPath, type ResultFile, splitInput } from "../../../contracts/operation.ts";
import { type OperationId, operations } from "../../../contracts/operations.ts";
import { mattering } from "../../history/headers.ts";
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
  serve(api: ApiProcess, request: ServedRequest): Promise<Reply>;
  /** Resolves when everything that can go on without time has gone on. */
  settle(): Promise<void>;
}

export interface ServedRequest {
  operation: OperationId;
  input: Record<string, unknown>;
  /** Null bears no credential. */
  authorization: string | null;
  /** Only HTTP carries them. */
  headers?: Readonly<Record<string, string>> | undefined;
}

export type WorkerCall = Extract<WorkerApi, { kind: "direct" }>["call"];

/** One turn of the event loop: every promise that is due has run by its end. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** The simulated rig's: a call is a function call. */
export const direct: Transport = {
  rig: "simulated",
  workerApi: (_, call) => ({ kind: "direct", call }),
  begun: () => null,
  serve: async (api, request) => {
    const { operation, input, authorization, headers } = request;
    if (headers !== undefined) return await overHttp(api, request);
    const reply = await api.call(operation, input, authorization);
    return isFileReply(operation, reply.status)
      ? fileReply(reply.body as ResultFile)
      : { ...reply, body: asRead(reply.body) };
  },
  settle: turn,
};

/** A file as its reader gets it. */
const fileReply = ({ bytes, mediaType, etag }: ResultFile): Reply => ({
  status: 200,
  body: fileBodyOf(bytes),
  headers: { "content-type": mediaType, etag },
});

/** One call through the HTTP edge of the API. */
export async function overHttp(
  api: ApiProcess,
  { operation, input, authorization, headers }: ServedRequest,
): Promise<Reply> {
  const { method, path } = operations[operation];
  const { body, query } = splitInput(operations[operation], input);
  const request = new Request(`http://api.interlock.test${fillPath(path, input)}${query}`, {
    method,
    headers: {
      ...headers,
      ...(authorization === null ? {} : { authorization }),
      "content-type": "application/json",
    },
    ...(method === "GET" ? {} : { body: bodyOf(method, body) }),
  });
  const response = await api.fetch(request);
  const { status } = response;
  return {
    status,
    body: isFileReply(operation, status)
      ? fileBodyOf(new Uint8Array(await response.arrayBuffer()))
      : parseJson(await response.text()),
    headers: mattering((name) => response.headers.get(name)),
  };
}
