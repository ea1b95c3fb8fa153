import { expect, test } from "vitest";
import { repeatedKey } from "./repeated-key.ts";

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['[{"x":{"b":[],"c":{},"b":"b"}}]', "b"],
  ['{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"a"}', null],
  ['{"a":"\\",\\"a\\":","b":"}{","c":["a","a"]}', null],
  ['{"__proto__":1,"constructor":2,"__proto__":3}', "__proto__"],
  ['"a"', null],
  ["{}", null],
])("%s has %j twice", (json, key) => {
  expect(repeatedKey(json)).toBe(key);
});
