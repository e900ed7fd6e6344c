const shownMs = 1500;

/** Copies what a button says that it copies, and tells for a moment that it did. */
export function copyOnClick(onCopied: (text: string | undefined) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("click", (event) => {
    const text = (event.target as Element).closest<HTMLElement>("[data-copy]")?.dataset["copy"];
    if (text === undefined) return;
    void copy(text).then(() => {
      onCopied(text);
      clearTimeout(timer);
      timer = setTimeout(() => onCopied(undefined), shownMs);
    });
  });
}

/** Browsers offer the clipboard on secure origins and this machine only. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
