import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Secrets } from "../../../secrets.ts";
import { holdsSecret } from "./disks.ts";

/** What a component leaves on its disk. */

const secrets = new Secrets();
const own = secrets.make();
const others = secrets.add("p@s:w/ö?#&+ %25%0123456789abcdef");
const env = ["WAREHOUSE_URL=mysql://worker:" + own + "@mysql:3306/"];
const holds = (text: string | Buffer) => holdsSecret(Buffer.from(text), env, secrets.redact);

test.each([
  ["nothing", ""],
  ["what is no secret, and looks like a hidden one", "*** and *** again ***"],
  ["its own credential, which it was given", `token: ${own}\nand again ${own}`],
])("%s is no secret", (_, text) => {
  expect(holds(text)).toBe(false);
});

describe("a secret of others", () => {
  test.each([
    ["to the letter", others],
    ["beside its own", `${own} ${others} ${own}`],
    ["between marks", `*** ${others} ***`],
    ["in a URL", `mysql://writer:${encodeURIComponent(others)}@mart`],
    ["in base64", `Basic ${Buffer.from(`writer:${others}`).toString("base64")}`],
    ["in hex", Buffer.from(others).toString("hex")],
    ["in JSON", JSON.stringify({ password: others })],
  ])("is found %s", (_, text) => {
    expect(holds(`some text before ${text} and behind`)).toBe(true);
    expect(holds(gzipSync(`some text before ${text} and behind`))).toBe(true);
    expect(holds(text)).toBe(true);
  });

  test("is found between bytes that are no text", () => {
    expect(
      holds(Buffer.concat([Buffer.from([0, 255, 254, 128]), Buffer.from(others), Buffer.from([255])])),
    ).toBe(true);
  });
});
