import type {App} from "../app.js";

export function addOpenApi(app: App): void {
  app.get("/openapi.json", {config: {open: true}, schema: {hide: true}}, () => app.swagger());
}
