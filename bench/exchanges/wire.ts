import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { median } from "../../harness/quantile.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import type { Bar } from "../bar.ts";
import { type Bench, openRig, usualBases } from "../bench.ts";
import { spread } from "../figures.ts";

/** Requests that the wire rig answers with all that it does, beside what msw answers alone: by turns, in one process. */

const rounds = 7;
const requests = 1_000;
const atOnce = 64;

export async function measureWire(bench: Bench): Promise<Bar> {
  const schedules = usualBases(bench).map(({ base }) => base);
  const onWire: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    bench.note(`round ${round} of ${rounds}, of which the first is not counted`);
    const own = await wireRate(bench, schedules, round);
    const limit = await bareRate();
    if (round === 0) continue;
    onWire.push(own);
    bare.push(limit);
  }
  const share = median(onWire) / median(bare);
  return {
    bar: "wire schedules beside bare msw",
    line: ">= 60 % of the requests that bare msw answers a second of CPU",
    measured: `${Math.round(100 * share)} %: ${spread(onWire, "/s")} with API, worker and virtual time, ${spread(bare, "/s")} by msw alone; medians of ${rounds} (least to most)`,
    met: share >= 0.6,
  };
}

/** Of the workers, which go over the wire. */
async function wireRate(bench: Bench, bases: readonly Schedule[], seed: number): Promise<number> {
  await using rig = await openRig(bench, "wire", bases);
  const schedules = bases.map((base) => ({ ...base, seed }));
  return await perSecond(async () => {
    const runs = await rig.run(schedules);
    return runs
      .flatMap(({ events }) => events)
      .filter((event) => event.kind === "exchange" && event.link === "worker->api").length;
  });
}

async function bareRate(): Promise<number> {
  const server = setupServer(
    http.post("http://api.bare.test/*", async ({ request }) => HttpResponse.json(await request.json())),
  );
  server.listen();
  try {
    return await perSecond(async () => {
      const numbers = Array.from({ length: requests }, (_, i) => i).values();
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const number of numbers) {
            const body = JSON.stringify({ number });
            await (await fetch(`http://api.bare.test/${number}`, { method: "POST", body })).json();
          }
        }),
      );
      return requests;
    });
  } finally {
    server.close();
  }
}

async function perSecond(act: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  const count = await act();
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1e6);
}
