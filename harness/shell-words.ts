/** Words as one line that can be pasted into a shell. */
export const shellWords = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");

/** The flags that name the releases of a run. */
export const releaseFlags = ({
  api,
  workers,
}: {
  api: string;
  workers: Readonly<Partial<Record<string, string>>>;
}): string[] => [
  "--api",
  api,
  ...Object.entries(workers).flatMap(([generation, release]) => ["--worker", `${generation}=${release}`]),
];

/** The flags that name the releases that a rolling plan leads to. */
export const stepFlags = ({
  api,
  workers = {},
}: {
  api?: string | undefined;
  workers?: Readonly<Partial<Record<string, string>>>;
}): string[] =>
  Object.entries({ ...(api === undefined ? {} : { api }), ...workers }).flatMap(([what, release]) => [
    "--to",
    `${what}=${release}`,
  ]);
