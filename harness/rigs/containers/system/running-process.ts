import type { Address } from "../../../destinations/destination.ts";
import { type Ground, type Part, seenFrom } from "./part.ts";
import { ProcessHandle } from "./process-handle.ts";

/** A component that runs. One in a container of this run can be killed, paused and started again; others cannot. */
export interface RunningProcess {
  name: string;
  /** Null for what runs in no container of this run. */
  handle: ProcessHandle | null;
  /** Where this process finds it; null while nobody is there. */
  address: () => Address | null;
}

/** Number of its life, from 1; what this run has not started has only one. */
export const lifeOf = ({ handle }: RunningProcess): number => handle?.life ?? 1;

export function runningProcess(part: Part, ground: Ground): RunningProcess {
  const { name, containerId, pid } = part;
  if (containerId !== null) {
    const handle = new ProcessHandle(part, ground);
    ground.watched.push({ name, seat: () => ({ containerId: handle.containerId, pid: null }) });
    return { name, handle, address: () => handle.address };
  }
  ground.watched.push({ name, seat: () => ({ containerId: null, pid }) });
  void part.exited?.then((how) => ground.onExit(name, how, part));
  return { name, handle: null, address: () => seenFrom(false, part) };
}
