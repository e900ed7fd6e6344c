import {describe, expect, it} from "vitest";
import {OperatorEnv} from "../../../../src/cli/env/operatorEnv.js";
import {SidecarEnv} from "../../../../src/cli/env/sidecarEnv.js";
import {joinFilesIn} from "../../../../src/cli/join/joinFolder.js";
import {toOtherSettings, toSidecarSettings} from "../../../../src/cli/join/toSettings.js";
import {sidecarRules} from "../../../../src/cli/sidecar/sidecarRules.js";
import type {SidecarInvitation} from "../../../../src/enrolment/checkShares.js";
import type {Invitation} from "../../../../src/enrolment/invitation.js";
import {parseEnv} from "../../../../src/runtime/env.js";
import {anInvitation} from "../../../support/examples/invitation.js";

const invitation = anInvitation() as SidecarInvitation;
const files = joinFilesIn("/etc/dvt/sidecar", "sidecar");
const keyShares = undefined;
const charon = {files: {keys: "/c/validator_keys"}, definition: "/c/cluster-lock.json", keyShares, validators: 1};
const ssv = {files: {keys: "/s/key.json", password: "/s/password"}, definition: "/s/keyshares.json", keyShares, validators: 1};
const settingsOf = (options = {}, shares: Parameters<typeof toSidecarSettings>[1] = charon, to = invitation) =>
  toSidecarSettings(to, shares, {files, caFile: files.authority, options: {verify: true, ...options}});

describe("the settings of a node that joined", () => {
  it("are complete: the sidecar accepts them as they are, and the keystores stay where they are", () => {
    const {env} = settingsOf();
    expect(() => parseEnv(SidecarEnv, env, sidecarRules)).not.toThrow();
    expect(env).toMatchObject({OBOL_NODE_INDEX: "0", OBOL_KEYSTORES_DIR: "/c/validator_keys", NATS_SEED_FILE: files.seed});
    expect(Object.keys(env).filter((name) => !(name in SidecarEnv.properties))).toEqual([]);
  });

  it("are complete for an SSV operator too", () => {
    const to = {...invitation, cluster: {...invitation.cluster, type: "SSV" as const, share_index: 123}};
    const {env} = settingsOf({}, ssv, to);
    expect(() => parseEnv(SidecarEnv, env, sidecarRules)).not.toThrow();
    expect(env).toMatchObject({SSV_OPERATOR_ID: "123", SSV_OPERATOR_PASSWORD_FILE: "/s/password"});
  });

  it("say in words what would be worth adding, and nothing of what is there", () => {
    expect(settingsOf().missing.join()).toContain("CONSENSUS_ENDPOINT");
    expect(settingsOf({consensusEndpoint: "http://127.0.0.1:5052"}).missing).toEqual([]);
  });
});

it("the settings of an operator are accepted as they are", () => {
  const {cluster: _, ...rest} = invitation;
  const operator = {...rest, kind: "operator", name: "acme"} as Extract<Invitation, {name: string}>;
  const {env} = toOtherSettings(operator, {files: joinFilesIn("/o", "operator"), caFile: undefined, options: {verify: true}});
  expect(parseEnv(OperatorEnv, env)).toMatchObject({OPERATOR_ID: "acme", TRUST_FILE: joinFilesIn("/o", "operator").trust});
  expect(Object.keys(env).filter((name) => !(name in OperatorEnv.properties))).toEqual([]);
});
