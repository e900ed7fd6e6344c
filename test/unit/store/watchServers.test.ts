import {MongoClient} from "mongodb";
import {describe, expect, it} from "vitest";
import {watchServers} from "../../../src/store/watchServers.js";
import {aLogger} from "../../support/logger.js";

const tls = "tls=true";

describe("what goes to a server can be read on the way", () => {
  it.each<{id: string; options?: string; address: string; warns: string[]}>([
    {id: "on this machine: no warning", address: "127.0.0.1:27017", warns: []},
    {id: "on this machine, by IPv6", address: "[::1]:27017", warns: []},
    {id: "on this machine, by a socket", address: "/tmp/mongodb-27017.sock", warns: []},
    {id: "elsewhere, without TLS", address: "mongo.example.org:27017", warns: ["mongo.example.org"]},
    {id: "elsewhere, without TLS, by IPv6", address: "[2001:db8::7]:27017", warns: ["2001:db8::7"]},
    {id: "elsewhere, with TLS", options: tls, address: "mongo.example.org:27017", warns: []},
    {
      id: "elsewhere, with TLS to whoever has any certificate",
      options: `${tls}&tlsAllowInvalidCertificates=true`,
      address: "mongo.example.org:27017",
      warns: ["mongo.example.org"],
    },
    {
      id: "elsewhere, with TLS to whoever has a certificate of another host",
      options: `${tls}&tlsAllowInvalidHostnames=true`,
      address: "mongo.example.org:27017",
      warns: ["mongo.example.org"],
    },
  ])("$id", ({options = "", address, warns}) => {
    const {logger, logged} = aLogger();
    // A member that another one names is opened like one of the URL.
    const client = new MongoClient(`mongodb://127.0.0.1/dvt?${options}`);
    watchServers(client, logger);
    client.emit("serverOpening", {topologyId: 1, address});
    expect(logged.map(({level, host}) => ({level, host}))).toEqual(warns.map((host) => ({level: 40, host})));
  });
});
