/** The tables of a store by version: what each adds to the one before. They are changed by whoever owns the database. */
export const migrations: readonly (readonly string[])[] = [
  [
    // A part of a file, gzipped. Named by what is in it, so that two machines may write the same one at once.
    `CREATE TABLE IF NOT EXISTS pieces (
       sha256 BINARY(32) NOT NULL PRIMARY KEY,
       body MEDIUMBLOB NOT NULL
     ) ENGINE = InnoDB`,
    // A run is one row, named by its list of files and written when all of its pieces are there.
    `CREATE TABLE IF NOT EXISTS runs (
       digest BINARY(32) NOT NULL PRIMARY KEY,
       run VARCHAR(300) NOT NULL,
       files LONGTEXT NOT NULL,
       put_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
     ) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4`,
  ],
];

/** The version that this Interlock reads and writes. */
export const storeVersion = migrations.length;

/** Holds one row a version; the newest is the store's. */
export const versionTable = `CREATE TABLE IF NOT EXISTS versions (
  version INT NOT NULL PRIMARY KEY,
  at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE = InnoDB`;
