/** An account of a MySQL of a test's own that may do everything, and the API's database. */
export const everything = { user: "everything", password: "of-a-test", database: "jobs" };

/** What a server executes at its first start, so that there are both. */
export const withEverything = `CREATE DATABASE ${everything.database};
CREATE USER '${everything.user}'@'%' IDENTIFIED BY '${everything.password}';
GRANT ALL ON *.* TO '${everything.user}'@'%';
`;
