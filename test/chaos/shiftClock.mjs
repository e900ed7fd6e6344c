// Loaded before a role starts: its wall clock is off by CHAOS_CLOCK_MS, as that of a machine without time synchronization is.
const offsetMs = Number(process.env["CHAOS_CLOCK_MS"] ?? 0);
const RealDate = Date;
const now = () => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
