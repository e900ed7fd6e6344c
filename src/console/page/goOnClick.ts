import {readPlace} from "../place.js";

/** Goes to places of this console without loading a page; the address, back and forward work as everywhere. */
export function goOnClick(go: (url: string) => void): void {
  const goTo = (url: string): void => {
    history.pushState(null, "", url);
    go(url);
    scrollTo(0, 0);
    // Whoever does not see the page hears that it is another.
    document.getElementById("main")?.focus({preventScroll: true});
  };

  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || link.target !== "" || link.origin !== location.origin || link.hash !== "") return;
    const url = link.pathname + link.search;
    if (readPlace(url) === undefined) return;
    event.preventDefault();
    if (url === location.pathname + location.search) go(url);
    else goTo(url);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
    const url = `${new URL(form.action).pathname}?${new URLSearchParams(fields.filter(([, value]) => value !== ""))}`;
    if (readPlace(url) === undefined) return;
    event.preventDefault();
    goTo(url.replace(/\?$/, ""));
  });

  addEventListener("popstate", () => go(location.pathname + location.search));
}
