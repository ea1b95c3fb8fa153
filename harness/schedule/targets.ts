/** The names by which the jobs of a workload are told apart: what each fills, delivers to, and is known by. */

/**
 * The table that a job fills, or the last part of the destination that it delivers to.
 *
 * @param number of the job in the workload, from 1
 * @param prefix keeps apart the schedules of a rig that outlives them
 */
export const targetTable = (number: number, prefix = ""): string => `${prefix}effect_${number}`;

/** The number of the job whose query or destination this is; null if it is of no workload, or of another prefix. */
export function numberOf(text: unknown, prefix?: string): number | null {
  const [, found, number] = /\b(r\d+_)?effect_(\d+)\b/.exec(String(text)) ?? [];
  if (number === undefined) return null;
  return prefix === undefined || (found ?? "") === prefix ? Number(number) : null;
}

/** The key under which the script's customer issues a job. */
export const domainKey = (number: number): string => `workload-${number}`;
