import type { Difference } from "./difference.ts";

/** What most questions begin with. */
export const twoRows: Difference["steps"] = [
  ["a", "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(20) UNIQUE, n INT)"],
  ["a", "INSERT INTO t VALUES (1, 'one', 0), (2, 'two', 0)"],
];

export const unknownVariable = (name: string): string => `1193 HY000 Unknown system variable '${name}'`;

/** An error of syntax, without the manual that it recommends. */
export const noSuchSyntax = (near: string): string => `1064 42000 near '${near}'`;
