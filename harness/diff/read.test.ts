import { expect, test } from "vitest";
import { readContract } from "./read.ts";
import { anOpenApi, aSet } from "./testing/edited.ts";

const read = (content: unknown) =>
  readContract(Buffer.from(typeof content === "string" ? content : JSON.stringify(content)));
const set = aSet() as Record<string, unknown>;
const openApi = anOpenApi() as Record<string, unknown>;
const whole = JSON.stringify(set);

test("a document of either kind is read, with a mark of its byte order as well", () => {
  expect(read(set).kind).toBe("contract set");
  expect(read(openApi).kind).toBe("OpenAPI document");
  expect(read(`\uFEFF${whole}`).operations).toHaveLength(61);
});

test.each<[what: string, content: unknown, message: string, next: string]>([
  ["nothing", "", "it is empty", "interlock contracts"],
  ["white space", " \n\t", "it is empty", "interlock contracts"],
  ["a file that is cut", whole.slice(0, -100), "it is no JSON", "it may be cut"],
  ["YAML", "openapi: 3.1.0\npaths: {}\n", "it is no JSON", "convert the YAML"],
  ["YAML with a head", "---\nformat: x\n", "it is no JSON", "convert the YAML"],
  ["a page", "<html></html>", "it is no JSON", "take the whole file"],
  ["a list", "[]", "it is a list", "interlock contracts"],
  ["a word", '"contracts"', 'it is "contracts"', "interlock contracts"],
  ["null", "null", "it is null", "interlock contracts"],
  ["an object of no kind", "{}", "it is neither; it has nothing", "interlock contracts"],
  ["another document", { name: "x", private: true }, "it has name, private", "interlock contracts"],
  ["a set without operations", { ...set, operations: {} }, "it has none", "interlock contracts"],
  ["a set whose operations are a list", { ...set, operations: [] }, "it has none", "interlock contracts"],
  [
    "an operation without a path",
    { ...set, operations: { a: { method: "GET" } } },
    "one is missing",
    "whole document",
  ],
  ["a newer set", { ...set, version: 2 }, "made by a newer Interlock", "take the newer one"],
  ["a set of no version", { ...set, version: "1" }, 'its version is "1"', "interlock contracts"],
  ["OpenAPI without operations", { ...openApi, paths: {} }, "it has none", "whole document"],
  ["OpenAPI without paths", { openapi: "3.1.0" }, "it has none", "whole document"],
  [
    "OpenAPI with paths that hold none",
    { openapi: "3.1.0", paths: { "/a": {} } },
    "it has none",
    "whole document",
  ],
  ["Swagger", { swagger: "2.0", paths: {} }, 'it is "2.0"', "in one of these"],
  ["a newer OpenAPI", { ...openApi, openapi: "4.0.0" }, 'it is "4.0.0"', "in one of these"],
  ["OpenAPI of no version", { ...openApi, openapi: 3.1 }, "it is 3.1", "in one of these"],
  ["a set with a key twice", whole.replace("{", '{"limits":{},'), '"limits" stands twice', "not meant"],
  ["what is too deep", `${"[".repeat(300)}${"]".repeat(300)}`, "more than 200", "flatter"],
])("%s cannot be read", (_, content, message, next) => {
  expect(() => read(content)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(message),
      next: expect.stringContaining(next),
    }),
  );
});

test("what is no text cannot be read", () => {
  expect(() => readContract(Uint8Array.of(0xff, 0xfe, 0x7b, 0))).toThrow("no text in UTF-8");
});

const from = (method: string, path: string, more: object = {}) =>
  read({ openapi: "3.1.0", paths: { [path]: { [method]: { responses: {}, ...more } } } }).operations[0];

test("an operation goes by its id, or by method and path; parts of its path go by their place", () => {
  expect(from("get", "/a/{x}/{y}")).toMatchObject({ name: "GET /a/{x}/{y}", address: "GET /a/{}/{}" });
  expect(from("get", "/a", { operationId: "show" })).toMatchObject({ name: "show" });
  const parameters = [{ name: "y", in: "path", required: true, schema: true }];
  expect(from("get", "/a/{x}/{y}", { parameters })?.says["parameters"]).toEqual({
    "path {2}": { required: true, schema: true },
  });
});
