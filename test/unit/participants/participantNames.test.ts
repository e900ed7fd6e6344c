import {expect, it} from "vitest";
import {parseParticipant} from "../../../src/participants/participantNames.js";

it.each([
  {name: "sidecar-alpha-1", found: {kind: "sidecar", clusterId: "alpha", shareIndex: 1}},
  {name: "sidecar-a-1-22", found: {kind: "sidecar", clusterId: "a-1", shareIndex: 22}},
  {name: "operator-alpha-1", found: {kind: "operator", id: "alpha-1"}},
  {name: "viewer-ops", found: {kind: "viewer", id: "ops"}},
  {name: "relayer", found: undefined},
])("$name is read as what it is", ({name, found}) => {
  expect(parseParticipant(name)).toEqual(found);
});
