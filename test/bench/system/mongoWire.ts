const headerBytes = 16;
const opMsg = 2013;
/** flagBits, and the kind of the first section */
const beforeDocument = headerBytes + 4 + 1;

/**
 * Takes a client's bytes as they come and tells the name of every command: the first key of an OP_MSG's body.
 * https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/#op_msg
 */
export function createCommandReader(onCommand: (name: string) => void): (bytes: Uint8Array) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
    while (rest.length >= headerBytes) {
      const length = rest.readInt32LE(0);
      if (rest.length < length) return;
      const name = nameIn(rest.subarray(0, length));
      if (name !== undefined) onCommand(name);
      rest = rest.subarray(length);
    }
  };
}

function nameIn(message: Buffer): string | undefined {
  if (message.readInt32LE(12) !== opMsg || message[beforeDocument - 1] !== 0) return undefined;
  // The document's length, and the type of its first element.
  const start = beforeDocument + 4 + 1;
  return message.toString("utf8", start, message.indexOf(0, start));
}
