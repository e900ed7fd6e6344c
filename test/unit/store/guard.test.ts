import {MongoNetworkError, MongoServerError} from "mongodb";
import {describe, expect, it} from "vitest";
import {guard} from "../../../src/store/connect.js";

describe("guard", () => {
  it.each([
    {id: "the driver's error of a connection", error: new MongoNetworkError("connection 1 closed")},
    {id: "a socket that the server ended", error: Object.assign(new Error("ended by the other party"), {code: "EPIPE"})},
    {id: "a socket's own error", error: Object.assign(new Error("write EPIPE"), {code: "EPIPE", syscall: "write"})},
  ])("throws STORE_UNAVAILABLE: $id", async ({error}) => {
    await expect(guard(() => Promise.reject(error))).rejects.toMatchObject({code: "STORE_UNAVAILABLE", cause: error});
  });

  it("throws it too when the driver never settles the operation", async () => {
    await expect(guard(() => new Promise(() => {}), 20)).rejects.toMatchObject({code: "STORE_UNAVAILABLE"});
  });

  it.each([
    {id: "that somebody was first", error: new MongoServerError({message: "E11000", code: 11000})},
    {id: "a bug of ours", error: new TypeError("undefined is not a function")},
  ])("leaves to its caller $id", async ({error}) => {
    await expect(guard(() => Promise.reject(error))).rejects.toBe(error);
  });
});
