import type {StatusReader} from "../status/statusReader.js";
import type {PageQuestion} from "./pageState.js";

/** Asks a page's question; null if it is about an exit that nobody asked for. */
export async function ask(reader: StatusReader, question: PageQuestion): Promise<{readonly at: number} | null> {
  switch (question.kind) {
    case "status":
      return reader.status({});
    case "exits": {
      const {kind: _, ...asked} = question;
      return reader.exits(asked);
    }
    case "exit": {
      const {kind: _, ...asked} = question;
      return (await reader.exit(asked)) ?? null;
    }
    case "dead_letters": {
      const {kind: _, ...asked} = question;
      return reader.deadLetters(asked);
    }
  }
}
