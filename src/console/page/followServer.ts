import type {Update} from "../pageState.js";

type Handlers = {
  onUpdate(update: Update): void;
  /** Why there are no updates now. */
  onInterrupted(why: string): void;
};

const refusedRetryMs = 10_000;

/** Listens to what changes at a place, while somebody looks: a hidden page asks for nothing. */
export function followServer({onUpdate, onInterrupted}: Handlers): {follow(url: string): void} {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let followed = "/";

  function listen(): void {
    source?.close();
    clearTimeout(retry);
    if (document.hidden) return;
    const opened = new EventSource(`/live?${new URLSearchParams({url: followed})}`);
    source = opened;
    opened.onmessage = ({data}) => onUpdate(JSON.parse(data) as Update);
    opened.onerror = () => {
      // The browser connects again by itself, unless the server has refused.
      if (opened.readyState !== EventSource.CLOSED) return onInterrupted("the console does not answer");
      onInterrupted("the console takes no more viewers now");
      retry = setTimeout(listen, refusedRetryMs);
    };
  }

  document.addEventListener("visibilitychange", listen);
  // Otherwise a page that is left holds one of the few connections that a browser opens.
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", ({persisted}) => void (persisted && listen()));
  return {
    follow(url) {
      followed = url;
      listen();
    },
  };
}
