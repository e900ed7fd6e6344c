import type {Message} from "../../../schemas/defineMessage.js";
import {participants} from "../../../schemas/participants.js";
import {describeMessage, invalidOf} from "../../support/examples/messages.js";
import {publishedParticipants} from "../../support/examples/participants.js";

const optional = ["viewers", "monitor", "server_admin", "ssv_owners in clusters[].definition"];
const full = publishedParticipants();
const [alpha, beta] = full.clusters as [(typeof full.clusters)[0], (typeof full.clusters)[0]];
const ofAlpha = (change: object): object => ({...full, clusters: [{...alpha, ...change}, beta]});

describeMessage(participants as Message, {
  valid: [
    {id: "every field", payload: full},
    {id: "nobody but the centre", payload: {...full, operators: [], clusters: [{...alpha, operators: [], sidecars: []}]}},
    {id: "no viewer, monitor or server administrator", payload: withoutOptional()},
  ],
  invalid: [
    ...invalidOf(full).filter(({id}) => !optional.some((name) => id === `no ${name}`)),
    {id: "version 0", payload: {...full, version: 0}},
    {id: "a version of 1.5", payload: {...full, version: 1.5}},
    {id: "no clusters", payload: {...full, clusters: []}},
    {id: "an nkey of an account", payload: {...full, admin: {nkey: `A${"A".repeat(55)}`}}},
    {id: "no encryption key", payload: {...full, aggregator: {...full.aggregator, encryption_keys: []}}},
    {id: "a definition in another folder", payload: ofAlpha({definition: "../alpha.json"})},
    {id: "a definition from the root", payload: ofAlpha({definition: "/etc/passwd"})},
    {id: "a definition that is the folder above", payload: ofAlpha({definition: ".."})},
    {id: "a definition that is a pattern", payload: ofAlpha({definition: "*.json"})},
    {id: "a definition hash of 31 bytes", payload: ofAlpha({definition_hash: `0x${"d1".repeat(31)}`})},
    {id: "257 sidecars", payload: ofAlpha({sidecars: Array(257).fill(alpha.sidecars[0])})},
  ],
});

function withoutOptional(): object {
  const {viewers, monitor, server_admin, ...required} = full;
  return required;
}
