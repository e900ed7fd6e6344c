import type {View} from "./view.js";

const precisions = {
  minutes: {hour: "2-digit", minute: "2-digit"},
  seconds: {hour: "2-digit", minute: "2-digit", second: "2-digit"},
  milliseconds: {hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3},
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type Precision = keyof typeof precisions;

const formats = new Map<string, Intl.DateTimeFormat>();

/** A formatter costs a thousand times what it formats. */
function formatOf(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", {...options, timeZone: zone, hourCycle: "h23"});
  formats.set(key, format);
  return format;
}

const dayOf = (ms: number, zone: string): string => formatOf(zone, "day", {day: "numeric", month: "short"}).format(ms);
const yearOf = (ms: number, zone: string): string => formatOf(zone, "year", {year: "numeric"}).format(ms);

/** A time in the viewer's zone: "18:11", with its day if that is not today, and its year if that differs. */
export function timeText(ms: number, {at, zone}: Pick<View, "at" | "zone">, precision: Precision = "minutes"): string {
  const time = formatOf(zone, precision, precisions[precision]).format(ms);
  const [day, today] = [dayOf(ms, zone), dayOf(at, zone)];
  const [year, thisYear] = [yearOf(ms, zone), yearOf(at, zone)];
  if (year !== thisYear) return `${day} ${year} ${time}`;
  return day === today ? time : `${day} ${time}`;
}

/** The same in UTC, to the millisecond, for whoever compares it with a log. */
export const utcText = (ms: number): string => new Date(ms).toISOString().replace("T", " ").replace("Z", " UTC");
