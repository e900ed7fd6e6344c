import type {Bus} from "../../src/messaging/connect.js";
import type {Place} from "./canaries.js";

/** What everybody says about itself from now on, as bytes. The administrator hears it. */
export function recordPresences({connection}: Bus): Place[] {
  const said: Place[] = [];
  connection.subscribe("dvt.v2.presence.>", {
    callback: (_, {subject, data}) =>
      void said.push({id: subject.replace(/^dvt\.v2\.presence\.hoodi\./, ""), content: Buffer.from(data)}),
  });
  return said;
}

/** Whatever looks like a path, an endpoint or a login; ids, codes, versions and numbers do not. */
export const looksPrivate = ({content}: Place): boolean => /[/\\@]|\d+\.\d+\.\d+\.\d+|localhost/.test(content.toString("utf8"));
