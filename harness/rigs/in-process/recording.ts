import type { WorkerApi } from "../../../contracts/in-process.ts";
import type { RigKind } from "../rig.ts";
import { inProcess } from "./in-process.ts";
import type { SimulatedProcess } from "./process.ts";
import { direct, type WorkerCall } from "./transport.ts";

/** What workers read of the answers that they got, as their code does it. */
export interface ReadsListener {
  /** A worker of a generation was answered to a call. */
  answered: (generation: string, operation: string) => void;
  /** It read a field of that answer: `job`, then `job.result_url`; `[]` are the items of a list. */
  read: (generation: string, operation: string, field: string) => void;
}

/** The simulated rig, on which a listener is told of every field that a worker reads. */
export const recordingReads = (listener: ReadsListener): RigKind => {
  const generations = new WeakMap<SimulatedProcess, string>();
  const workerApi = (worker: SimulatedProcess, call: WorkerCall): WorkerApi => ({
    kind: "direct",
    call: async (operation, input, signal) => {
      // A worker names its generation when it asks for work, which it does before all else.
      if (typeof input["generation"] === "string") generations.set(worker, input["generation"]);
      const generation = generations.get(worker) ?? "none";
      const reply = await call(operation, input, signal);
      listener.answered(generation, operation);
      const onRead = (field: string) => listener.read(generation, operation, field);
      return { ...reply, body: watched(reply.body, "", onRead) };
    },
  });
  return inProcess("simulated", () => ({ ...direct, workerApi }));
};

/** A value that tells what is read of it. */
function watched(value: unknown, path: string, onRead: (field: string) => void): unknown {
  if (typeof value !== "object" || value === null) return value;
  const isList = Array.isArray(value);
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      const isField = typeof key === "string" && (isList ? /^\d+$/.test(key) : isAsked(target, key));
      if (!isField) return inner;
      const step = isList ? "[]" : key;
      const field = path === "" ? step : `${path}.${step}`;
      onRead(field);
      return watched(inner, field, onRead);
    },
  });
}

/** A field that is not there may be asked for as well; these are asked for by the language. */
const isAsked = (target: object, key: string): boolean =>
  Object.hasOwn(target, key) || !(key === "then" || key === "toJSON" || key in Object.prototype);
