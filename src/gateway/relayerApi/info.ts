import {Type} from "typebox";
import {Network} from "../../../schemas/fields.js";
import type {App} from "../app.js";
import type {Gateway} from "../gateway.js";

export function addInfo(app: App, {network}: Gateway): void {
  const schema = {summary: "The network", response: {200: Type.Object({network: Network})}};
  app.get("/info", {config: {open: true}, schema}, () => ({network: network.name}));
}
