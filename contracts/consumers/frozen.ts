/**
 * The digest of each released consumer contract, by consumer (see `consumerDigest`). Workers of a released generation
 * are out there and cannot be asked to need less: a line here is added on the day of the release and never changed.
 */
export const frozen: Readonly<Record<string, string>> = {
  "worker-v5": "fe5e116183a6f200",
  "worker-v6": "0079dff8302f5ec6",
  "worker-v5-imports": "e123f4fd165cd404",
  "worker-v6-imports": "e1e189af492dd58b",
};
