import type { Component } from "../../../config/config.ts";
import { type Docker, engineTrouble } from "../docker/engine.ts";
import { noImage } from "./part.ts";

/** A missing image is told before anything is started. */
export async function findImages(
  components: readonly (readonly [name: string, component: Component])[],
  docker: Docker,
): Promise<void> {
  for (const [name, component] of components) {
    if (!("image" in component)) continue;
    try {
      await docker.getImage(component.image).inspect();
    } catch (error) {
      const missing = (error as { statusCode?: number }).statusCode === 404;
      throw missing ? noImage(name, component.image) : engineTrouble("it to answer", error);
    }
  }
}
