import {expect, it} from "vitest";
import {presenceText} from "../../../../src/cli/status/presenceText.js";
import {aShareIndex, at} from "../../../support/examples/status.js";

it("says first that no relayer answers, then what everybody last said about itself", () => {
  const clusters = [{cluster_id: "alpha", share_indexes: [aShareIndex(1), aShareIndex(2, {state: "away", since: at - 200_000})]}];
  expect(presenceText({network: "hoodi", at, clusters, roles: []}, {reason: "no relayer answers"})).toBe(`! no relayer answers
  nothing is known of the exits; this is what everybody last said about itself

alpha
share index  state         last seen  last signed  signed  waits for  refused  version
          1  ■ signs       12 s ago   64 min ago      118  -          -        0.1.0 (abc1234)
          2  □ away 3 min  12 s ago   64 min ago      118  -          -        0.1.0 (abc1234)
`);
});
