/** Whether a unit that has these texts, or Node.js itself, reads below a home folder, which systemd would hide. */
export const isAtHome = (...texts: string[]): boolean =>
  [...texts, process.execPath].some((text) => /(^|[ =:])\/(home|root|run\/user)\//m.test(text));
