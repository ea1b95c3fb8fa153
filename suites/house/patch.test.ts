import { expect, test } from "vitest";
import { readPatch } from "./patch.ts";

const header = (name: string) => `diff --git a/${name} b/${name}
index 1111111..2222222 100644
--- a/${name}
+++ b/${name}
`;
const first = "@@ -1,2 +1,3 @@ function f() {\n a\n+@@ no hunk\n b\n";
const second = "@@ -9 +10 @@\n-diff --git\n+c\n";
const added = `diff --git a/new.ts b/new.ts
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ b/new.ts
@@ -0,0 +1 @@
+new file mode 1
`;

test("a patch is read file by file and hunk by hunk, each a patch by itself", () => {
  expect(readPatch(`${header("a/b.ts")}${first}${second}${added}`)).toEqual([
    { path: "a/b.ts", isNew: false, hunks: [`${header("a/b.ts")}${first}`, `${header("a/b.ts")}${second}`] },
    { path: "new.ts", isNew: true, hunks: [added] },
  ]);
});

test("a text that is no patch has no files, and a file that goes is refused", () => {
  expect(readPatch("nothing\n")).toEqual([]);
  expect(() => readPatch("diff --git a/x b/x\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n")).toThrow(
    "leaves no file",
  );
});
