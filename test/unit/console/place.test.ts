import {describe, expect, it} from "vitest";
import {questionsOf, readPlace, urlOf} from "../../../src/console/place.js";

const key = `0x${"ab".repeat(48)}`;

describe("a place", () => {
  it.each([
    {url: "/", place: {page: "overview"}},
    {url: "/system", place: {page: "system"}},
    {url: "/clusters/alpha", place: {page: "cluster", cluster: "alpha"}},
    {url: "/clusters/alpha/12", place: {page: "shareIndex", cluster: "alpha", shareIndex: 12}},
    {url: "/exits", place: {page: "exits", filter: {state: "open"}}},
    {
      url: "/exits?state=complete&cluster=alpha&key=0xab&older=10m&after=a%3A1",
      place: {page: "exits", filter: {state: "complete", cluster: "alpha", key: "0xab", older: "10m", after: "a:1"}},
    },
    {url: `/exits/${key}?index=7`, place: {page: "exit", key, index: 7}},
    {url: `/exits/${key}`, place: {page: "exit", key}},
    {url: "/dead-letters", place: {page: "deadLetters"}},
    {url: "/dead-letters?after=12", place: {page: "deadLetters", after: "12"}},
  ] as const)("is $url, and back", ({url, place}) => {
    expect(readPlace(url)).toEqual(place);
    const [path, query = ""] = urlOf(place).split("?");
    const [wanted, wantedQuery = ""] = url.split("?");
    expect(path).toBe(wanted);
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual(Object.fromEntries(new URLSearchParams(wantedQuery)));
  });

  it("has fields as people and forms write them", () => {
    expect(readPlace("/exits?cluster=&older=&key=")).toEqual({page: "exits", filter: {state: "open"}});
    expect(readPlace("/exits?key=%20ABcd%20")).toEqual({page: "exits", filter: {state: "open", key: "0xabcd"}});
    expect(readPlace(`/exits/${key.toUpperCase().replace("X", "x")}`)).toEqual({page: "exit", key});
  });

  it.each([
    "/nothing",
    "/clusters",
    "/clusters/",
    "/clusters/Alpha",
    "/clusters/alpha/one",
    "/clusters/alpha/1/2",
    "/clusters/<script>",
    "/exits?state=shut",
    "/exits?cluster=../alpha",
    "/exits?key=0xzz",
    "/exits?older=2m",
    "/exits?after=a b",
    "/exits/0xab",
    `/exits/${key}?index=-1`,
    `/dead-letters?after=${"a".repeat(257)}`,
  ])("is not %s", (url) => {
    expect(readPlace(url)).toBeUndefined();
  });

  it("asks for what it shows, and always for the status", () => {
    expect(questionsOf({page: "cluster", cluster: "alpha"})).toEqual([{kind: "status"}]);
    expect(
      questionsOf({page: "exits", filter: {state: "open", cluster: "alpha", older: "10m", key: "0xab", after: "c"}}),
    ).toEqual([
      {kind: "status"},
      {kind: "exits", state: "open", limit: 100, cluster_id: "alpha", older_than_ms: 600_000, public_key: "0xab", cursor: "c"},
    ]);
    expect(questionsOf({page: "exit", key, index: 7})).toEqual([
      {kind: "status"},
      {kind: "exit", public_key: key, validator_index: 7},
    ]);
    expect(questionsOf({page: "deadLetters", after: "12"})).toEqual([
      {kind: "status"},
      {kind: "dead_letters", limit: 100, cursor: "12"},
    ]);
  });
});
