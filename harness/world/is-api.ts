/** Whether a component of a run is a process of the API: `api`, `api-2` and so on, or the next life of one. */
export const isApi = (component: string): boolean => /^api(-\d+)?(\.life-\d+)?$/.test(component);
