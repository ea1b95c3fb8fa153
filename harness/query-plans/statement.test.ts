import { describe, expect, test } from "vitest";
import { type Executed, filled, formOf } from "./statement.ts";

const executed = (text: string, sample = text): Executed => ({
  schema: "shop",
  text,
  sample,
  times: 1,
  rowsExamined: 0,
  rowsUsed: 0,
  failed: false,
});

describe("what is done about a statement", () => {
  test.each([
    ["SELECT `a` FROM `t`", "plan"],
    ["( SELECT `a` FROM `t` ) UNION ALL ( SELECT ? )", "plan"],
    ["( ( SELECT ? FROM `t` ) )", "plan"],
    ["WITH `x` AS ( SELECT ? ) SELECT * FROM `x`", "plan"],
    ["TABLE `t`", "plan"],
    ["UPDATE `t` SET `a` = ?", "plan"],
    ["REPLACE INTO `t` SELECT `a` FROM `s`", "plan"],
    ["INSERT INTO `t` TABLE `s`", "plan"],
    ["EXECUTE SELECT `a` FROM `t` WHERE `b` = ?", "plan"],
    // Cut: it may go on with a SELECT.
    ["INSERT INTO `t` ( `a` , ...", "plan"],
    ["INSERT INTO `t` ( `a` ) VALUES (...)", "none"],
    ["INSERT INTO `t` VALUES (...) /* , ... */ ON DUPLICATE KEY UPDATE `a` = ?", "none"],
    ["COMMIT", "none"],
    ["SET SESSION `sql_mode` = ?", "none"],
    ["DROP TABLE `t`", "none"],
    ["CREATE TABLE `t` ( `a` INT )", "none"],
    ["CREATE VIEW `v` AS SELECT `a` FROM `t`", "none"],
    ["PREPARE SELECT `a` FROM `t`", "none"],
    ["EXPLAIN SELECT `a` FROM `t`", "none"],
    ["CREATE TABLE `t` AS SELECT `a` FROM `s`", "unknown"],
    ["SET @`a` = ( SELECT COUNT ( * ) FROM `t` )", "unknown"],
    ["DO ( SELECT COUNT ( * ) FROM `t` )", "unknown"],
    ["CALL `p` ( ? )", "unknown"],
    ["LOAD DATA INFILE ? INTO TABLE `t`", "unknown"],
    ["HANDLER `t` OPEN", "unknown"],
    ["IMPORT TABLE FROM ?", "unknown"],
  ])("%s: %s", (text, kind) => {
    expect(formOf(executed(text), 1_024).kind).toBe(kind);
  });

  test("one that was cut, or of which no sample is kept, is not known", () => {
    expect(formOf(executed("SELECT ? FROM `t`", "x".repeat(1_024)), 1_024)).toMatchObject({
      kind: "unknown",
      why: expect.stringContaining("first 1024 bytes") as string,
    });
    expect(formOf(executed("SELECT ? FROM `t`", ""), 1_024).kind).toBe("unknown");
  });
});

test.each([
  ["SELECT a FROM t WHERE b = ? AND c IN (?, ?)", "SELECT a FROM t WHERE b = '1' AND c IN ('1', '1')"],
  ["SELECT a FROM t LIMIT ?", "SELECT a FROM t LIMIT 10"],
  ["SELECT a FROM t LIMIT ?, ?", "SELECT a FROM t LIMIT 10, 10"],
  ["SELECT a FROM t LIMIT ? OFFSET ?", "SELECT a FROM t LIMIT 10 OFFSET 10"],
  ["SELECT a FROM t LIMIT 5 /* ? */", "SELECT a FROM t LIMIT 5 /* ? */"],
  ["(SELECT a FROM t LIMIT ?) UNION (SELECT ?)", "(SELECT a FROM t LIMIT 10) UNION (SELECT '1')"],
  ["SELECT '?', \"?\", `?` FROM t WHERE b = ? -- ?", "SELECT '?', \"?\", `?` FROM t WHERE b = '1' -- ?"],
  ["SELECT 'it''s \\' ?' # ?\n, ?", "SELECT 'it''s \\' ?' # ?\n, '1'"],
])("%s is tried as %s", (sample, tried) => {
  expect(filled(sample, "'1'")).toBe(tried);
});
