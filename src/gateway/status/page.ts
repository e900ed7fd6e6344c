import swaggerUi from "@fastify/swagger-ui";
import type {App} from "../http/app.js";

/** Its own files alone, and requests to where it came from. It writes style attributes. */
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

/** /docs: the OpenAPI document for people to read. */
export async function addPage(app: App): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = {...route.config, open: true};
    });
    await scope.register(swaggerUi, {
      routePrefix: "/docs",
      staticCSP: contentSecurityPolicy,
      theme: {title: "dvt gateway"},
      // Without a bar that asks for other documents; an operation that is open stands in the address.
      uiConfig: {layout: "BaseLayout", deepLinking: true},
    });
  });
}
