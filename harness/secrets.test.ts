import fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "./errors.ts";
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
  for (const short of ["", "a", "abc", "a b"]) expect(secrets.add(short)).toBe(short);
  expect(secrets.redact("sink/a%20b")).toBe("sink/a%20b");
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

test("in a history the same secret is always the same token, and its looks are told apart", () => {
  const secrets = new Secrets();
  for (const secret of ["p@ss word", 'qu"ote', "plain"]) secrets.add(secret);
  const tokenise = secrets.tokeniser();
  expect(tokenise("p@ss word, p%40ss%20word, p%40ss+word")).toBe("***1***, ***1:uri***, ***1:form***");
  expect(tokenise('qu"ote qu\\"ote qu%22ote')).toBe("***2*** ***2:json*** ***2:uri***");
  expect(tokenise("plain plain")).toBe("***3*** ***3***");
  expect(secrets.redact("p%40ss+word plain")).toBe("*** ***");
  expect(secrets.redact("***2***")).toBe("***2***");
});

test("a secret that is added again, or is a look of another, keeps its token", () => {
  const secrets = new Secrets();
  for (const secret of ["p@ss", "p%40ss", "p@ss"]) secrets.add(secret);
  expect(secrets.tokeniser()("p@ss p%40ss")).toBe("***1*** ***1:uri***");
});

test("a secret is hidden in a message that shows its signs", () => {
  const secrets = new Secrets();
  secrets.add("pa\u0007ss\u202eword");
  const { message } = new UsageError("no such login: pa\u0007ss\u202eword");
  expect(message).toBe(String.raw`no such login: pa\u{7}ss\u{202e}word`);
  expect(secrets.redact(message)).toBe("no such login: ***");
});

test("no half of a secret stands where a long message is cut", () => {
  const secrets = new Secrets();
  const secret = secrets.make();
  for (let before = 560; before <= 600; before += 1) {
    const { message } = new UsageError(
      `${"a ".repeat(before / 2)}mysql://me:${secret}@far and ${"more ".repeat(99)}`,
    );
    expect(secrets.redact(message)).not.toContain(secret.slice(0, 4));
    expect(message).toMatch(/… \(\d+ characters\)$/);
  }
});

test("a secret that is a name stays, and its looks and all others do not", () => {
  const secrets = new Secrets();
  for (const secret of ["a name", "mysql"]) secrets.add(secret);
  expect(secrets.tokeniser(new Set(["mysql", "a name"]))("mysql: a name, a%20name")).toBe(
    "mysql: a name, ***1:uri***",
  );
  expect(secrets.tokeniser(new Set(["mysql"]))("mysql: a name")).toBe("mysql: ***1***");
});

test("tokens tell texts apart exactly where secrets do, and none of these is left", () => {
  const secret = fc.stringMatching(/^[a-zA-Z0-9@%/ "]{4,12}$/);
  fc.assert(
    fc.property(fc.uniqueArray(secret, { minLength: 1, maxLength: 5 }), fc.nat(4), fc.nat(4), (all, a, b) => {
      const secrets = new Secrets();
      for (const one of all) secrets.add(one);
      const tokenise = secrets.tokeniser();
      const [first, second] = [a, b].map((i) => all[i % all.length] as string) as [string, string];
      expect(tokenise(first) === tokenise(second)).toBe(first === second);
      const encoded = encodeURIComponent(first);
      expect(tokenise(encoded) === tokenise(first)).toBe(encoded === first);
      const text = tokenise(all.join("|"));
      expect(all.filter((one) => text.includes(one))).toEqual([]);
    }),
  );
});

test("the digest is sha256 in hex", () => {
  expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("a secret is found in base64 wherever it stands there, and in hex", () => {
  const secrets = new Secrets();
  const secret = secrets.add("correct horse");
  for (const before of ["", "u", "us", "use", "user:"]) {
    const text = Buffer.from(`${before}${secret}!`).toString("base64");
    expect(secrets.redact(text)).toContain("***");
  }
  expect(secrets.redact(Buffer.from(secret).toString("hex"))).toBe("***");
  secrets.add("mysql");
  expect(secrets.redact(Buffer.from("mysql").toString("base64"))).toBe("bXlzcWw=");
});

test("a secret that somebody wrote in a way of their own is the same one", () => {
  const secrets = new Secrets();
  secrets.add("p@ss+word", "p%40ss+word");
  const tokenise = secrets.tokeniser();
  expect(tokenise("p@ss+word p%40ss+word p%40ss%2Bword")).toBe("***1*** ***1:written*** ***1:uri***");
  secrets.add("p@ss+word", "p%40s%73+word");
  expect(secrets.tokeniser()("p%40s%73+word")).toBe("***1:written***");
});
