import {DvtError} from "../errors.js";

/** An address to listen on, and the variables that name it. */
export type ListenAddress = {readonly host: string; readonly port: number; readonly variables: string};

/** PORT_UNAVAILABLE if the port is taken or the machine does not have the address, CONFIG_INVALID if it cannot listen for another reason. */
export function toListenError(cause: unknown, {host, port, variables}: ListenAddress): DvtError {
  const {code = "", message} = cause as NodeJS.ErrnoException;
  const mayRecover = ["EADDRINUSE", "EADDRNOTAVAIL"].includes(code);
  const problem = `listen on ${host}:${port} (${variables}): ${message}`;
  return new DvtError(mayRecover ? "PORT_UNAVAILABLE" : "CONFIG_INVALID", problem, {cause});
}
