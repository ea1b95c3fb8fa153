/** What comes of it, or an error that says what had not happened by then. The work itself goes on unheard. */
export async function within<T>(millis: number, work: Promise<T>, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${late} within ${millis / 1000} s`)), millis);
  });
  // Whichever loses the race settles later.
  work.catch(() => {});
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
