import {MongoBulkWriteError, MongoNetworkError} from "mongodb";
import {describe, expect, it} from "vitest";
import {takenBy} from "../../../src/store/connect.js";

/** As the driver makes it of a server's answer. */
const bulkError = (codes: readonly number[], writeConcernCode?: number): MongoBulkWriteError => {
  const errors = codes.map((code, index) => ({code, index}));
  const unconfirmed = writeConcernCode === undefined ? undefined : {code: writeConcernCode, errmsg: "timeout"};
  const result = {getWriteConcernError: () => unconfirmed} as never;
  return new MongoBulkWriteError({message: "of the server", code: codes[0] ?? 0, writeErrors: errors as never}, result);
};

describe("takenBy", () => {
  it("is nobody where all is written", async () => {
    expect(await takenBy(async () => "written")).toEqual([]);
  });

  it("returns the positions of documents that already existed", async () => {
    expect(await takenBy(() => Promise.reject(bulkError([11000, 11000])))).toEqual([0, 1]);
  });

  it.each([
    {id: "another failure among them", error: bulkError([11000, 112])},
    {id: "no majority confirmed it", error: bulkError([], 64)},
    {id: "some were taken and no majority confirmed the others", error: bulkError([11000], 64)},
  ])("throws STORE_UNAVAILABLE: $id", async ({error}) => {
    await expect(takenBy(() => Promise.reject(error))).rejects.toMatchObject({code: "STORE_UNAVAILABLE"});
  });

  it("leaves what is not of a bulk write to its caller", async () => {
    const lost = new MongoNetworkError("connection closed");
    await expect(takenBy(() => Promise.reject(lost))).rejects.toBe(lost);
  });
});
