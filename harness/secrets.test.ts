import fc from "fast-check";
import { expect, test } from "vitest";
import { Secrets, sha256 } from "./secrets.ts";

test("a secret that was made is hidden wherever it stands", () => {
  const secrets = new Secrets();
  const secret = secrets.make();
  expect(secret).toMatch(/^[0-9a-f]{32}$/);
  expect(secrets.redact(`a ${secret}, ${secret}${secret}`)).toBe("a ***, ******");
  expect(secrets.redact("nothing here")).toBe("nothing here");
});

test("no two secrets are the same", () => {
  const secrets = new Secrets();
  expect(secrets.make()).not.toBe(secrets.make());
});

test("a secret from outside is taken literally and given back", () => {
  const secrets = new Secrets();
  expect(secrets.add("1/$&.*[x")).toBe("1/$&.*[x");
  expect(secrets.redact("key 1/$&.*[x!")).toBe("key ***!");
});

test("what is too short to be one is left alone, or no text could be read any more", () => {
  const secrets = new Secrets();
  for (const short of ["", "a", "abc"]) expect(secrets.add(short)).toBe(short);
  expect(secrets.redact("abc")).toBe("abc");
  secrets.add("abcd");
  expect(secrets.redact("abcd")).toBe("***");
});

test("a secret within a longer one leaves nothing of the longer one, in whichever order they came", () => {
  for (const both of [
    ["hunter", "hunter2secret"],
    ["hunter2secret", "hunter"],
  ]) {
    const secrets = new Secrets();
    for (const secret of both) secrets.add(secret);
    expect(secrets.redact("hunter2secret hunter")).toBe("*** ***");
  }
});

test("whatever the secrets and the text are, none is left in it", () => {
  const secret = fc.string({ minLength: 4 }).filter((text) => !text.includes("*"));
  fc.assert(
    fc.property(fc.array(secret, { maxLength: 4 }), fc.array(fc.string()), (all, around) => {
      const secrets = new Secrets();
      for (const one of all) secrets.add(one);
      const text = secrets.redact(around.flatMap((part, i) => [part, all[i] ?? ""]).join(""));
      expect(all.filter((one) => text.includes(one))).toEqual([]);
    }),
  );
});

test("the digest is sha256 in hex", () => {
  expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});
