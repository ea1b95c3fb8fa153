import { factsOf, stepOf } from "../../contracts/steps.ts";

/** Whether a worker says with this call that its job has ended well: all that it promised must be there already. */
export const saysSuccess = (operation: string, request: unknown): boolean =>
  stepOf(operation) === "report" &&
  factsOf(operation, { request, status: null, reply: undefined }).state === "success";
