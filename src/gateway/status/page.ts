import swaggerUi from "@fastify/swagger-ui";
import type {App} from "../../web/app.js";

/** The page loads its own files only, and sends requests to its own origin only. It writes style attributes. */
const contentSecurityPolicy = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data:",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** Serves the OpenAPI document at /docs for people to read. */
export async function addPage(app: App): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = {...route.config, open: true};
    });
    await scope.register(swaggerUi, {
      routePrefix: "/docs",
      staticCSP: contentSecurityPolicy,
      theme: {title: "dvt gateway"},
      // BaseLayout has no bar to load other documents. deepLinking puts the open operation into the URL.
      uiConfig: {layout: "BaseLayout", deepLinking: true},
    });
  });
}
