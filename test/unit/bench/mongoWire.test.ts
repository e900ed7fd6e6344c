import {BSON} from "mongodb";
import {describe, expect, it} from "vitest";
import {createCommandReader} from "../../bench/system/mongoWire.js";

function toMessage(body: object, {opCode = 2013, section = 0} = {}): Buffer {
  const document = BSON.serialize(body);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(opCode, 12);
  head[20] = section;
  return Buffer.concat([head, document]);
}

const commands = [{find: "exits", filter: {_id: "a"}}, {insert: "requests", ordered: false}, {ping: 1}];
const bytes = Buffer.concat(commands.map((command) => toMessage(command)));

function namesIn(chunks: Uint8Array[]): string[] {
  const names: string[] = [];
  const read = createCommandReader((name) => names.push(name));
  for (const chunk of chunks) read(chunk);
  return names;
}

describe("createCommandReader", () => {
  it.each([
    {id: "at once", chunks: [bytes]},
    {id: "byte by byte", chunks: [...bytes].map((byte) => Uint8Array.of(byte))},
    {id: "cut within a header and within a document", chunks: [bytes.subarray(0, 7), bytes.subarray(7, 60), bytes.subarray(60)]},
  ])("names every command that comes $id", ({chunks}) => {
    expect(namesIn(chunks)).toEqual(["find", "insert", "ping"]);
  });

  it("leaves out what is no OP_MSG, and goes on after it", () => {
    expect(namesIn([toMessage({hello: 1}, {opCode: 2004}), toMessage({update: "exits"})])).toEqual(["update"]);
  });

  it("leaves out a message that does not begin with its body", () => {
    expect(namesIn([toMessage({documents: []}, {section: 1})])).toEqual([]);
  });
});
