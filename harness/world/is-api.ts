/** Whether a component of a run is a process of the API: `api`, `api-2` and so on. */
export const isApi = (component: string): boolean => /^api(-\d+)?$/.test(component);
