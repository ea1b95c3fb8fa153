import type { Reply } from "../../../contracts/in-process.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { Caller } from "../caller.ts";

/** A call that a test is asked to answer. */
export interface AskedCall {
  operation: OperationId;
  input: Record<string, unknown>;
  /** How often this operation was called, with this call. */
  nth: number;
}

/** A caller without a world: `answer` says what comes back, null where nothing does. Its waits pass at once. */
export function fakeCaller(answer: (call: AskedCall) => Reply | null) {
  const calls: [OperationId, Record<string, unknown>][] = [];
  const waits: Millis[] = [];
  const caller: Caller = {
    call: async (operation, input) => {
      calls.push([operation, { ...input }]);
      const nth = calls.filter(([other]) => other === operation).length;
      return answer({ operation, input, nth });
    },
    sleep: async (ms) => void waits.push(ms),
  };
  return { caller, calls, waits, called: () => calls.map(([operation]) => operation) };
}
