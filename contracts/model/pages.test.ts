import { describe, expect, test } from "vitest";
import {
  claim,
  ended,
  finish,
  hdp2,
  issue,
  life,
  list,
  listed,
  look,
  notBegun,
  order,
  problems,
  second,
} from "../testing/model-calls.ts";
import type { Fields, ModelCall } from "./call.ts";

/** Three jobs, of which the first has ended as success, seen by their customer; then pages of its list. */
const key = (domain_key: string): Partial<ModelCall> => ({ request: { ...order, domain_key } });
const others = [issue(4_500, "2", key("b")), issue(4_800, "3", key("c"))];
const queued = (id: string): Fields => ({
  ...listed,
  job_id: id,
  url: `https://console.test/jobs/${id}`,
  ...notBegun,
  created_at: second(4),
  updated_at: second(4),
});
const one = listed;
const [two, three] = [queued("2"), queued("3")];
const seen = look(5_500, ended);
const page = (request: Fields, jobs: readonly Fields[], more: Partial<ModelCall> = {}): ModelCall => {
  const { from = null, to = null } = request;
  return list(6_000, jobs, { request, reply: { jobs, count: jobs.length, from, to }, ...more });
};
const judged = (one: ModelCall, ...before: readonly ModelCall[]) =>
  problems([...life, ...others, seen, ...before, one]);

describe("a page is right", () => {
  test.each<[Fields, readonly Fields[]]>([
    [{}, [three, two, one]],
    [{ from: 0, to: 0 }, [three]],
    [{ from: 1, to: 2 }, [two, one]],
    [{ from: 2, to: 9 }, [one]],
    [{ from: 1 }, [two, one]],
    [{ to: 1 }, [three, two]],
    [{ from: 3, to: 9 }, []],
    [{ from: 2, to: 1 }, []],
    [{ status: "success" }, [one]],
    [{ status: "success", from: 0, to: 0 }, [one]],
    [{ status: "success", from: 1, to: 3 }, []],
    [{ status: "queued" }, [three, two]],
    [{ status: "queued", from: 1, to: 1 }, [two]],
    [{ status: "error" }, []],
  ])("%j", (request, jobs) => {
    expect(judged(page(request, jobs))).toEqual([]);
  });
});

describe("a page is wrong that", () => {
  test.each<[string, Fields, readonly Fields[]]>([
    ["leaves out the last place", { from: 0, to: 1 }, [three]],
    ["leaves out the only one", { from: 2, to: 2 }, []],
    ["leaves out the last of all", { from: 1 }, [two]],
    ["begins a place late", { from: 0, to: 1 }, [two, one]],
    ["begins a place early", { from: 1, to: 1 }, [three]],
    ["shows all whatever is asked for", { from: 1, to: 2 }, [three, two]],
    ["shows what is beyond the end", { from: 3, to: 5 }, [one]],
    ["leaves out the job of that status", { status: "success" }, []],
    ["shows jobs of another status", { status: "success" }, [three, two, one]],
    ["shows a job at a place that none can have", { status: "success", from: 3, to: 4 }, [one]],
  ])("%s: %j", (_, request, jobs) => {
    expect(judged(page(request, jobs)).length).toBeGreaterThan(0);
  });
});

describe("a page may be either where it cannot be known", () => {
  test("jobs that are issued while it is made", () => {
    const late = issue(6_005, "4", key("d"));
    for (const jobs of [[three], [queued("4")]])
      expect(
        judged(page({ from: 0, to: 0 }, jobs), { ...late, sent: 5_900 }).filter((text) =>
          text.includes("list"),
        ),
      ).toEqual([]);
  });

  test("an order without an answer, which may have become a job", () => {
    const lost = issue(4_900, "4", { ...key("d"), status: null, reply: undefined });
    for (const jobs of [
      [three, two],
      [queued("4"), three],
    ])
      expect(judged(page({ from: 0, to: 1 }, jobs), lost)).toEqual([]);
    expect(judged(page({}, [three, two, one]), lost)).toEqual([]);
    expect(judged(page({ from: 0, to: 2 }, [two, one]), lost)).toHaveLength(1);
  });

  test("jobs of another customer are ignored", () => {
    const foreign = issue(4_900, "4", { ...key("d"), account: hdp2 });
    expect(judged(page({ from: 0, to: 0 }, [three]), foreign)).toEqual([]);
  });

  test("two orders at once, in either order", () => {
    const [first, last] = [others[0], { ...others[1], sent: 4_495 }] as [ModelCall, ModelCall];
    for (const jobs of [[three], [two]])
      expect(problems([...life, first, last, seen, page({ from: 0, to: 0 }, jobs)])).toEqual([]);
    expect(problems([...life, first, last, seen, page({ from: 0, to: 0 }, [one])]).length).toBeGreaterThan(0);
  });

  test("a job that ends meanwhile is listed under either status", () => {
    const ends = [claim(4_900, { job_id: "2", attempt: 1 }), finish(6_005, { job_id: "2" }, { sent: 5_900 })];
    for (const jobs of [[], [{ ...two, status: "booting", start_at: second(4) }]])
      expect(
        problems([...life, ...others, seen, ...ends, page({ status: "booting" }, jobs)]).filter((text) =>
          text.includes("left it out"),
        ),
      ).toEqual([]);
  });
});
