import { describe, expect, test } from "vitest";
import { handshake } from "./handshake.ts";
import type { Part } from "./part.ts";

const started = { name: "mysql", exited: null, tail: [], log: "runs/1/mysql.log" } as unknown as Part;
const runsAlready = { ...started, log: null };

const refused = (code: string) => Object.assign(new Error(`no, says ${code}`), { code });

/** What a handshake comes to with a part that answers like this to each try; and how often it was asked. */
async function asked(part: Part, answers: (Error | string)[], readyMs = 60_000) {
  let times = 0;
  const said = await handshake(part, "an answer", { readyMs }, async () => {
    const answer = answers[Math.min(times++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  }).catch((error: Error) => error.message);
  return { times, said };
}

test("it is asked again until it answers", async () => {
  expect(await asked(started, [new Error("not yet"), refused("ECONNREFUSED"), "yes"])).toEqual({
    times: 3,
    said: "yes",
  });
});

test("what never answers is given up with what was last seen", async () => {
  const { said } = await asked(started, [new Error("not yet")], 80);
  expect(said).toBe(
    "mysql: expected an answer, but within 0.08 s it did not; last seen: not yet\n  next: read runs/1/mysql.log, its whole log",
  );
});

describe("an answer that no waiting changes ends it at once, with its words", () => {
  const cases: [Part, string, string][] = [
    [started, "ER_SECURE_TRANSPORT_REQUIRED", "require_secure_transport off"],
    [runsAlready, "ER_SECURE_TRANSPORT_REQUIRED", "require_secure_transport off"],
    [runsAlready, "ER_ACCESS_DENIED_ERROR", "let that account in"],
    [runsAlready, "ER_BAD_DB_ERROR", "name a database that is there"],
  ];
  test.each(cases)("%#: %s", async (part, code, next) => {
    const { times, said } = await asked(part, [refused(code), "yes"]);
    expect({ times, said }).toEqual({
      times: 1,
      said: expect.stringMatching(`^mysql: expected an answer, but no, says ${code}\n  next: .*${next}`),
    });
  });

  test("an account that is not there yet on a server that is being started is waited for", async () => {
    expect(await asked(started, [refused("ER_ACCESS_DENIED_ERROR"), "yes"])).toMatchObject({ said: "yes" });
  });

  test("a word that is a name of every object's is none", async () => {
    expect(await asked(runsAlready, [refused("constructor"), "yes"])).toMatchObject({ said: "yes" });
  });
});
