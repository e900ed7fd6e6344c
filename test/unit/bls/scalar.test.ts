import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {curveOrder, evaluate, forwardDifferences, invert, mod, randomScalar, scalarToBytes} from "../../../src/bls/scalar.js";
import {aScalar} from "../../support/examples/keys.js";

const runs = {seed: 7, numRuns: 50};

describe("mod", () => {
  it.each([
    {id: "zero", value: 0n, expected: 0n},
    {id: "the order", value: curveOrder, expected: 0n},
    {id: "minus one", value: -1n, expected: curveOrder - 1n},
    {id: "minus the order", value: -curveOrder, expected: 0n},
    {id: "twice the order and five", value: 2n * curveOrder + 5n, expected: 5n},
  ])("brings $id into the field", ({value, expected}) => {
    expect(mod(value)).toBe(expected);
  });
});

describe("invert", () => {
  it("gives what multiplies to one", () => {
    fc.assert(
      fc.property(aScalar, (value) => mod(value * invert(value)) === 1n),
      runs,
    );
  });

  it("inverts a negative number as its residue", () => {
    expect(mod(-3n * invert(-3n))).toBe(1n);
  });
});

describe("evaluate", () => {
  it.each([
    {id: "nothing", coefficients: [], x: 9n, expected: 0n},
    {id: "a constant", coefficients: [4n], x: 9n, expected: 4n},
    {id: "4 + 3x + 2x^2 at 5", coefficients: [4n, 3n, 2n], x: 5n, expected: 69n},
    {id: "the value at 0", coefficients: [4n, 3n, 2n], x: 0n, expected: 4n},
    {id: "what passes the order", coefficients: [0n, 1n], x: curveOrder + 1n, expected: 1n},
  ])("evaluates $id", ({coefficients, x, expected}) => {
    expect(evaluate(coefficients, x)).toBe(expected);
  });
});

describe("forwardDifferences", () => {
  /** Newton's series: p(x) = Σ C(x, k)·Δ^k p(0). */
  const newton = (differences: readonly bigint[], x: number): bigint => {
    let binomial = BigInt(x);
    return differences.reduce((sum, difference, position) => {
      const term = binomial * difference;
      binomial = (binomial * BigInt(x - position - 1)) / BigInt(position + 2);
      return mod(sum + term);
    }, 0n);
  };

  it("say what the polynomial is at every point", () => {
    // Zeros and small ones too: they are coefficients like others.
    const coefficient = fc.oneof(fc.constant(0n), aScalar);
    fc.assert(
      fc.property(fc.array(coefficient, {maxLength: 10}), fc.nat({max: 20}), (coefficients, x) => {
        const differences = forwardDifferences(coefficients);
        expect(differences).toHaveLength(coefficients.length);
        expect(newton(differences, x)).toBe(evaluate([0n, ...coefficients], BigInt(x)));
      }),
      runs,
    );
  });

  it.each([
    {id: "nothing", coefficients: [], expected: []},
    {id: "a zero", coefficients: [0n], expected: [0n]},
    {id: "a line", coefficients: [5n], expected: [5n]},
    {id: "3x + 2x^2: 0, 5, 14", coefficients: [3n, 2n], expected: [5n, 4n]},
    {id: "a line and a zero", coefficients: [1n, 0n], expected: [1n, 0n]},
    {id: "-x + x^2, which is 0 at 1 too", coefficients: [curveOrder - 1n, 1n], expected: [0n, 2n]},
  ])("are those of $id", ({coefficients, expected}) => {
    expect(forwardDifferences(coefficients)).toEqual(expected);
  });
});

it.each([
  {id: "one", scalar: 1n, hex: "01".padStart(64, "0")},
  {id: "the order less one", scalar: curveOrder - 1n, hex: "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000"},
  {id: "minus one", scalar: -1n, hex: "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000"},
])("writes $id as 32 bytes, big-endian", ({scalar, hex}) => {
  expect(Buffer.from(scalarToBytes(scalar)).toString("hex")).toBe(hex);
});

it("draws scalars of the field, never the same twice", () => {
  const drawn = Array.from({length: 100}, randomScalar);
  expect(new Set(drawn).size).toBe(100);
  expect(drawn.every((scalar) => scalar >= 0n && scalar < curveOrder)).toBe(true);
});
