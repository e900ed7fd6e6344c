const lengths = {minutes: 5, seconds: 8, milliseconds: 12} as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (value: number): string => String(value).padStart(2, "0");

/** A time in this machine's zone: "18:11", with its day if that is not the day of `at`, and its year if that differs. */
export function timeText(ms: number, at: number, precision: keyof typeof lengths = "minutes"): string {
  const [time, now] = [new Date(ms), new Date(at)];
  const clock = `${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":")}.${String(time.getMilliseconds()).padStart(3, "0")}`;
  const shown = clock.slice(0, lengths[precision]);
  if (time.toDateString() === now.toDateString()) return shown;
  const year = time.getFullYear() === now.getFullYear() ? "" : ` ${time.getFullYear()}`;
  return `${time.getDate()} ${months[time.getMonth()]}${year} ${shown}`;
}
