/** A shop's tables: names that must be quoted, keys of several columns, views, partitions; none of it is a job service. */
export const schema = "strange shop";

export const tables: readonly string[] = [
  `CREATE TABLE \`order line\` (
     \`order\` INT NOT NULL, \`no\` INT NOT NULL, sku VARCHAR(40) NOT NULL, state VARCHAR(10) NOT NULL,
     qty INT NOT NULL, placed DATETIME NOT NULL, note TEXT,
     PRIMARY KEY (\`order\`, \`no\`), KEY by_sku (sku), KEY by_placed (placed), KEY by_state (state, placed)
   ) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci`,
  `CREATE TABLE \`or\`\`ders\` (
     id INT PRIMARY KEY AUTO_INCREMENT, customer VARCHAR(40) NOT NULL, total INT NOT NULL, placed DATE NOT NULL,
     KEY by_customer (customer)
   ) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin`,
  `CREATE TABLE stock (id INT NOT NULL, year INT NOT NULL, left_over INT, PRIMARY KEY (id, year))
   PARTITION BY RANGE (year) (PARTITION \`Old\` VALUES LESS THAN (2020), PARTITION new VALUES LESS THAN (2030))`,
  "CREATE TABLE settings (name VARCHAR(40) PRIMARY KEY, value TEXT)",
  "CREATE TABLE documents (id INT PRIMARY KEY, n INT NOT NULL, body LONGBLOB, words TEXT)",
  // A row that is read for the plan stands in what MySQL tells of it, cut at the NUL.
  "INSERT INTO documents VALUES (1, 3, X'1f8b0827005c27', 'it''s `a` from `b`.`c` limit 3')",
  "CREATE VIEW lines_of AS SELECT l.`order` AS o, l.sku, o.customer FROM `order line` l JOIN `or``ders` o ON o.id = l.`order`",
  "CREATE VIEW sums AS SELECT sku, SUM(qty) AS q FROM `order line` GROUP BY sku",
  "CREATE TABLE kept (id INT PRIMARY KEY, a INT) ENGINE = MyISAM",
  "INSERT INTO settings VALUES ('currency', 'EUR')",
  ...rows(60, (n) => `INSERT INTO \`or\`\`ders\` VALUES (${n}, 'c${n}', ${n}, '2026-01-01')`),
  ...rows(
    60,
    (n) =>
      `INSERT INTO \`order line\` VALUES (${n}, 1, 's${n}', 'new', ${n}, '2026-01-01' + INTERVAL ${n} DAY, NULL)`,
  ),
  ...rows(60, (n) => `INSERT INTO stock VALUES (${n}, ${2010 + (n % 20)}, ${n})`),
];

function rows(count: number, make: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => make(i + 1));
}

export const sizes = {
  rows: {
    [schema]: {
      "order line": 100_000,
      "or`ders": 50_000,
      stock: 80_000,
      kept: 9_000,
      documents: 30_000,
      settings: 20,
    },
  },
  scanRows: 1_000,
  allowed: [],
};

/** Statements as an application prepares them, with values. */
export const prepared = {
  green: [
    ["SELECT * FROM `or``ders` WHERE customer = ? ORDER BY id DESC LIMIT ?", ["c5", "10"]],
    ["SELECT * FROM `order line` WHERE `order` = ? AND `no` = ?", [3, 1]],
    ["UPDATE `or``ders` SET total = ? WHERE id = ?", [1, 1]],
    ["SELECT sku FROM `order line` WHERE placed > ? AND placed < ?", ["2026-01-05", "2026-01-07"]],
  ],
  red: [
    ["SELECT * FROM `or``ders` WHERE placed = ?", ["2026-01-01"]],
    ["SELECT sku FROM `order line` WHERE placed > ?", ["2026-01-01"]],
    ["DELETE FROM `or``ders` WHERE total = ?", [-5]],
  ],
} as const;

/** By an index, or as little as a LIMIT asks for. */
export const green: readonly string[] = [
  "SELECT * FROM `or``ders` WHERE id = 7",
  "SELECT * FROM `or``ders` WHERE id = 99999",
  "SELECT * FROM `or``ders` WHERE customer = 'c5' ORDER BY id DESC LIMIT 10",
  "SELECT * FROM `order line` WHERE `order` = 3 AND `no` = 1",
  "SELECT * FROM `order line` WHERE `order` IN (1, 2, 3)",
  "SELECT id FROM `or``ders` WHERE id > 10 ORDER BY id LIMIT 20",
  "SELECT * FROM lines_of WHERE sku = 's1'",
  "SELECT * FROM sums WHERE sku = 's1'",
  "SELECT o.*, l.* FROM `or``ders` o JOIN `order line` l ON l.`order` = o.id WHERE o.id = 3",
  "SELECT MAX(placed) FROM `order line`",
  "SELECT * FROM settings",
  "SELECT s.* FROM settings s WHERE s.value LIKE '%EUR%'",
  "SELECT left_over FROM stock WHERE id = 4 AND year = 2014",
  "UPDATE `or``ders` SET total = 2 WHERE id = 3",
  "DELETE FROM `order line` WHERE `order` = 59 AND `no` = 1",
  "DELETE FROM `or``ders` ORDER BY id LIMIT 1",
  "INSERT INTO `or``ders` (customer, total, placed) VALUES ('x (select)', 1, '2026-02-02')",
  "INSERT INTO settings SELECT customer, 'x' FROM `or``ders` WHERE id = 8",
  "SELECT sku FROM `order line` WHERE placed BETWEEN '2026-01-05' AND '2026-01-05'",
  "(SELECT id FROM `or``ders` WHERE id = 2) UNION ALL (SELECT `order` FROM `order line` WHERE sku = 's3')",
  "SELECT body FROM documents WHERE id = 1",
  "SELECT words FROM documents WHERE id = 1 AND n = 8",
  "SELECT * FROM `order line` WHERE 1 = 0",
  "SELECT DISTINCT state FROM `order line`",
  "WITH RECURSIVE up AS (SELECT `order`, `no` FROM `order line` WHERE `order` = 9 UNION ALL SELECT l.`order`, l.`no` FROM up u JOIN `order line` l ON l.`order` = u.`no` WHERE l.`order` > 5) SELECT COUNT(*) FROM up",
  "SELECT 1 + 1",
  "SELECT COUNT(*) FROM information_schema.tables",
];
