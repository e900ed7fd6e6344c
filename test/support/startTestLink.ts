import {onTestFinished} from "vitest";
import {type Link, startLink} from "./link.js";

/** A link to a server on this machine that ends with the test. */
export async function startTestLink(port: number): Promise<Link> {
  const link = await startLink(() => port);
  onTestFinished(link.close);
  return link;
}
