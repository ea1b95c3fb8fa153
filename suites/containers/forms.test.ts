import { describe, expect, test } from "vitest";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { expectGreen, onLinks, replay, run, whole } from "./forms.ts";
import { expectNothingLeft, openPlace } from "./place.ts";
import { scheduleOf, site } from "./schedule-bed.ts";

/**
 * Components as images and as programs of this machine find each other, wherever each of them runs. At night also a MySQL
 * at a URL, a build of another commit, and workers of one generation apart.
 */

test("a system of which the API, a worker and a destination are programs of this machine passes beside a worker in a container", async () => {
  await using place = await openPlace();
  const { identities } = expectGreen(await place.interlock(run("standard/programs")).ended);
  const contained = identities.filter(({ image }) => image !== null).map(({ component }) => component);
  expect(contained).toEqual(["worker-v6"]);
  await expectNothingLeft(place);
});

describe("a replay on a system of which", () => {
  test("the API, the worker and the destination are programs, with a fault on every link, breaks nothing", async () => {
    await using place = await openPlace();
    const ran = await replay(place, "standard/programs", scheduleOf("presto", "web", 1, onLinks));
    expect(ran).toMatchObject(whole);
    await expectNothingLeft(place);
  });

  test.each<[string, Planned["fault"]]>([
    ["worker", { kind: "kill", process: "worker", ms: null }],
    ["api", { kind: "pause", process: "api", ms: 1_000 }],
  ])(
    "the %s is a program and is to die or to stand still is invalid, and says which form it needs",
    async (process, fault) => {
      await using place = await openPlace();
      const planned = { at: site("before", "worker.finish", "worker->api"), fault };
      const ran = await replay(place, "standard/programs", scheduleOf("presto", "web", 1, [planned]));
      const unfired = [
        expect.stringContaining(
          `the config has the ${process} in a form that cannot be killed or paused; name it as an image`,
        ),
      ];
      expect(ran).toMatchObject({ exitCode: 2, outcome: "invalid", unfired, historyHash: null });
      expect(await place.runs()).toEqual([]);
    },
  );
});
