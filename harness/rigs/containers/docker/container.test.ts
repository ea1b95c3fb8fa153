import { expect, test } from "vitest";
import { imageIn } from "./container.ts";

const [index, image] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];

test("the image that runs is the one of its platform, never an index of several", () => {
  expect(imageIn({ Image: index, ImageManifestDescriptor: { digest: image } })).toBe(image);
});

test("an engine that keeps no indexes names the image itself", () => {
  expect(imageIn({ Image: image })).toBe(image);
  expect(imageIn({ Image: image, ImageManifestDescriptor: null })).toBe(image);
});
