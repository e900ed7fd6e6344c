import {Type} from "typebox";
import type {App} from "../../web/app.js";

export function addOpenApi(app: App): void {
  const schema = {summary: "This document", response: {200: Type.Object({openapi: Type.String(), paths: Type.Object({})})}};
  app.get("/openapi.json", {config: {open: true}, schema}, () => app.swagger() as {openapi: string; paths: object});
}
