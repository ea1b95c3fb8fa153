import { expect, test } from "vitest";
import { policyProblems, skewPolicySchema } from "./skew-policy.ts";

const config = {
  api: { old: {}, now: {} },
  current: "now",
  workers: {
    "worker-v5": { generation: "v5" as const, releases: { next: {} } },
    "worker-v6": { generation: "v6" as const, releases: {} },
  },
};
const policyOf = (...apis: [release: string, v5: string[], v6?: string[]][]) => ({
  apis: apis.map(([release, v5, v6]) => ({ release, takes: { v5, ...(v6 === undefined ? {} : { v6 }) } })),
});

test.each<[string, ReturnType<typeof policyOf>, string[]]>([
  ["all there", policyOf(["old", ["now"], ["now"]], ["now", ["now", "next"], ["now"]]), []],
  [
    "an API that is not there",
    policyOf(["older", ["now"]]),
    ["skew: names the API older, which is not under api"],
  ],
  ["an API twice", policyOf(["now", ["now"]], ["now", ["now"]]), ["skew: names the API now twice"]],
  [
    "a worker that is not there",
    policyOf(["now", ["now"], ["next"]]),
    ["skew: takes v6 next, which no worker of v6 has among its releases"],
  ],
])("%s", (_, policy, problems) => {
  expect(policyProblems(policy, config)).toEqual(problems);
});

test("a policy that allows nothing is refused", () => {
  expect(skewPolicySchema.safeParse({ apis: [] }).error?.issues[0]?.message).toContain(
    "a policy that allows nothing",
  );
  expect(skewPolicySchema.safeParse(policyOf(["now", []])).success).toBe(false);
});
