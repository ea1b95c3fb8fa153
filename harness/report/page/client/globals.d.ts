/** The libraries of the page: each is one script before its own. */
declare const Plot: typeof import("@observablehq/plot");
/** What the page uses of d3. */
declare const d3: {
  zoomIdentity: ZoomTransform;
  zoom: () => ZoomBehaviour;
  select: (element: Element) => {
    call: (behaviour: ZoomBehaviour) => { on: (type: string, listener: null) => void };
  };
};
interface ZoomTransform {
  k: number;
  x: number;
}
interface ZoomBehaviour {
  filter: (isMeant: (event: WheelEvent & MouseEvent) => boolean) => ZoomBehaviour;
  on: (
    type: "zoom",
    listener: (event: { transform: ZoomTransform; sourceEvent: MouseEvent | null }) => void,
  ) => ZoomBehaviour;
}
