export type OperatorConfig = {
  natsUrl: string;
  participantsFile: string;
  oraclesFile: string;
  operatorId: string;
  seedFile: string;
};
export type Ask = {validators: {publicKey: string; validatorIndex: number}[]; timeoutMs: number};
export type Answer = {
  /** When each completion was taken, in ms after the first message was published. */
  completedMs: number[];
  /** From the call to its end. */
  wholeMs: number;
  problems: string[];
};
