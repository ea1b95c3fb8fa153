import type * as PlotModule from "@observablehq/plot";

/** The libraries of the page: each is one script before its own. */
declare global {
  const Plot: typeof PlotModule;
  /** What the page uses of d3. */
  const d3: {
    zoomIdentity: ZoomTransform;
    zoom: () => ZoomBehaviour;
    select: (element: Element) => {
      call: (behaviour: ZoomBehaviour) => { on: (type: string, listener: null) => void };
    };
  };
}

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
