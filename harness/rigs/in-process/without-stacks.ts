/** Works under way. The limit is one for the whole process: the first sets it, the last puts it back. */
let underWay = 0;
let limit = Error.stackTraceLimit;

/** Runs work that throws very many errors on purpose and reads the stack of none: none is taken. */
export async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  if (underWay === 0) {
    limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
  }
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (underWay === 0) Error.stackTraceLimit = limit;
  }
}
