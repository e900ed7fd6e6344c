import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type {Static, TSchema} from "typebox";
import type {Caller} from "./caller.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Set before a route runs, unless it is open to all. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Served to whoever asks. */
    open?: boolean;
    /** However often somebody asks. */
    uncounted?: boolean;
  }
}

interface TypeBox extends FastifyTypeProvider {
  validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  serializer: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
}

/** The HTTP server as the routes see it: a route's schema is the type of its body and of its answer. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBox
>;
