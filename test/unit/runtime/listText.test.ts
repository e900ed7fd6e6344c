import {expect, it} from "vitest";
import {listText} from "../../../src/runtime/listText.js";

it.each([
  {id: "nothing", items: [], text: ""},
  {id: "few", items: [3, 1, 2], text: "3, 1, 2"},
  {id: "as many as are shown", items: Array<number>(20).fill(7), text: "7, ".repeat(19).concat("7")},
  {id: "200,000", items: Array<number>(200_000).fill(7), text: "7, ".repeat(19).concat("7 and 199980 more")},
])("lists $id", ({items, text}) => {
  expect(listText(items)).toBe(text);
});
