import type { ApiPorts } from "../../../../contracts/in-process.ts";
import { textField } from "../../../../contracts/step.ts";
import type { HistoryEvent, NoticeEvent } from "../../../history/event.ts";
import type { JobNumbers } from "../../job-numbers.ts";
import type { SimulatedProcess } from "../process.ts";
import { type Plane, transit } from "../transit.ts";

/** What the API's notices go through, and who takes them: it answers each with 204. */
export const noticesLink =
  (
    plane: Plane,
    by: SimulatedProcess,
    { numbers, events }: { numbers: JobNumbers; events: HistoryEvent[] },
  ): NonNullable<ApiPorts["notices"]> =>
  async ({ limitMs, ...sent }) => {
    const { body } = sent;
    const came: NoticeEvent[] = [];
    const status = await transit(plane, {
      link: "api->notices",
      operation: "notify",
      job: numbers.numberOf(textField(body, "job_id") ?? "") ?? null,
      by,
      to: null,
      effect: async () => {
        const notice: NoticeEvent = { kind: "notice", by: by.name, ...sent, status: null };
        const event = { seq: events.length, at: plane.clock.now(), ...notice };
        events.push(event);
        came.push(event);
        return 204;
      },
      answer: (status) => status,
      serviceMs: 0,
      limitMs,
    });
    for (const notice of came) notice.status = status;
    return status;
  };
