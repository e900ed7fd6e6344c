import type {Bus} from "../../messaging/connect.js";
import type {Participants} from "../../participants/participants.js";
import {connectAs} from "../opening/connectAs.js";
import type {LiveFiles} from "../opening/liveFiles.js";
import type {StartContext} from "../roleProcess.js";

export type ConnectOptions = StartContext & {
  readonly config: Parameters<typeof connectAs>[2]["config"] & {readonly OPERATOR_ID: string};
  readonly env: NodeJS.ProcessEnv;
  readonly files: LiveFiles;
};

/** Connects to the bus as the operator, until shutdown; its files are followed from now on. */
export async function connectOperator({config, env, files, logger, shutdown, waitFor}: ConnectOptions): Promise<Bus> {
  const {OPERATOR_ID: operatorId} = config;
  const participants = files.participants();
  const nkeyIn = ({operators}: Participants) => operators.find(({id}) => id === operatorId)?.nkey;
  const bus = await connectAs(`operator-${operatorId}`, nkeyIn(participants), {participants, config, env, logger, waitFor});
  shutdown.onStop(bus.close);
  files.attach(bus, nkeyIn);
  // An operator holds no exits of others: its definitions may change at any time.
  files.follow({findHeld: async () => []});
  return bus;
}
