import {expect, it} from "vitest";
import {toCreatedAt} from "../../../../src/gateway/progress/createdAt.js";

it.each([
  {ms: 0, created_at_timestamp: 0, created_at_string: "1970-01-01 00:00:00+0000"},
  {ms: 1_714_741_199_999, created_at_timestamp: 1_714_741_199, created_at_string: "2024-05-03 12:59:59+0000"},
])("writes $ms as $created_at_string", ({ms, ...written}) => {
  expect(toCreatedAt(ms)).toEqual(written);
});
