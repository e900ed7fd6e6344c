import {memberNames, operatorIds, storing, type World} from "../world.js";
import type {Fault, Strike} from "./fault.js";

const toNats = (): readonly string[] =>
  [...memberNames, ...operatorIds.map((id) => `operator-${id}`)].map((name) => `${name} nats`);
const toMongo = (): readonly string[] => storing.map((name) => `${name} mongo`);
const everything = (): readonly string[] => [...toNats(), ...toMongo()];

const linksOf = (world: World, {target}: Strike) => {
  const [name, server] = target.split(" ") as [string, "nats" | "mongo"];
  return world.linksOf(name, server);
};

const cut: Fault = {
  name: "connection cut",
  targets: everything,
  async strike(world, strike) {
    const links = linksOf(world, strike);
    for (const link of links) link.cut();
    return async () => {
      for (const link of links) link.open();
    };
  },
};

/** The connection stands, and nothing comes through: it goes on afterwards, or was dead all the time. */
const halfOpen: Fault = {
  name: "connection half open",
  targets: everything,
  async strike(world, strike) {
    const links = linksOf(world, strike);
    for (const link of links) link.silence(strike.dice % 2 === 0 ? "both" : "answers");
    return async () => {
      for (const link of links) {
        if (strike.dice % 3 === 0) link.cut();
        link.open();
      }
    };
  },
};

export const linkFaults: readonly Fault[] = [cut, halfOpen];
