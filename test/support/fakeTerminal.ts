import {onTestFinished, vi} from "vitest";

/** Makes a stream of this process a terminal of this size until the test ends; returns what was written to it. */
export function fakeTerminal(name: "stdout" | "stderr", {columns = 80, rows = 24} = {}): () => string {
  const stream = process[name];
  let written = "";
  const write = vi.spyOn(stream, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
  const own = {isTTY: true, columns, rows, hasColors: () => true};
  const before = Object.entries(own).map(([key]) => [key, Object.getOwnPropertyDescriptor(stream, key)] as const);
  for (const [key, value] of Object.entries(own)) Object.defineProperty(stream, key, {value, configurable: true});
  onTestFinished(() => {
    write.mockRestore();
    for (const [key, descriptor] of before) {
      if (descriptor) Object.defineProperty(stream, key, descriptor);
      else Reflect.deleteProperty(stream, key);
    }
  });
  return () => written;
}
