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
