import { asOne, troubleOf } from "../../errors.ts";
import type { Report } from "../../report/report.ts";
import type { OpenRig } from "../../rigs/rig.ts";

/**
 * Opens a rig, lets it be judged on, and removes it. A violation that was found stands where it cannot be removed, which is
 * told beside it.
 */
export async function onRig(
  open: () => Promise<OpenRig>,
  judge: (open: OpenRig) => Promise<Report>,
  note: (line: string) => void,
): Promise<Report> {
  const judged: Report[] = [];
  try {
    await using rig = await open();
    judged.push(await judge(rig));
  } catch (thrown) {
    const error = asOne(thrown);
    const trouble = troubleOf(error);
    const [report] = judged;
    if (trouble === null || report?.verdict !== "violation") throw error;
    note(trouble.message);
  }
  return judged[0] as Report;
}
