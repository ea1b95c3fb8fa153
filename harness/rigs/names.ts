/** What a schedule can be run on. Names alone, so that help loads no rig. */
export const rigNames = ["simulated", "wire", "containers"] as const;
export type RigName = (typeof rigNames)[number];
