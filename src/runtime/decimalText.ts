/** An amount of the smallest units in a unit of 10^digits of them, exactly: 1500 with 3 digits is "1.5". */
export function decimalText(amount: bigint, digits: number): string {
  const text = amount.toString().padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, "");
}
