import { expect, test } from "vitest";
import { hides, loginIn } from "./login.ts";

const hidden = (password: string) =>
  hides(loginIn("query-plans", `mysql://u:${encodeURIComponent(password)}@127.0.0.1:3306`));

test.each([
  ["p", "performance_schema is off", "performance_schema is off"],
  ["p", "u:p@127.0.0.1, password 'p', p.", "u:***@127.0.0.1, password '***', ***."],
  ["12", "3312 of 12 in t_12", "3312 of *** in t_12"],
  ["ü", "für ü", "für ***"],
  ["$1", "$1 and $1", "*** and ***"],
  [".*", "a .* b", "a *** b"],
  ["open", "opened with open", "***ed with ***"],
  ["s-3cr(t", "as-3cr(ts", "a***s"],
  ["😀😀", "a😀😀b", "a***b"],
  ["", "u:@127.0.0.1", "u:@127.0.0.1"],
])("the password %j in %j", (password, text, shown) => {
  expect(hidden(password)(text)).toBe(shown);
});
