import {accept} from "./commands/accept.js";
import {aggregator} from "./commands/aggregator.js";
import {clustersMove} from "./commands/clustersMove.js";
import {clustersShow} from "./commands/clustersShow.js";
import {completion} from "./commands/completion.js";
import {consoleCommand} from "./commands/consoleCommand.js";
import {deadLettersDrop} from "./commands/deadLettersDrop.js";
import {deadLettersList} from "./commands/deadLettersList.js";
import {deadLettersRetry} from "./commands/deadLettersRetry.js";
import {demo} from "./commands/demo.js";
import {devServers} from "./commands/devServers.js";
import {doctor} from "./commands/doctor.js";
import {exitsList} from "./commands/exitsList.js";
import {exitsShow} from "./commands/exitsShow.js";
import {gateway} from "./commands/gateway.js";
import {health} from "./commands/health.js";
import {init} from "./commands/init.js";
import {invite} from "./commands/invite.js";
import {join} from "./commands/join.js";
import {keysAggregator} from "./commands/keysAggregator.js";
import {keysCheck} from "./commands/keysCheck.js";
import {keysNew} from "./commands/keysNew.js";
import {natsConfig} from "./commands/natsConfig.js";
import {natsReload} from "./commands/natsReload.js";
import {operatorConsolidate} from "./commands/operatorConsolidate.js";
import {operatorRegister} from "./commands/operatorRegister.js";
import {operatorRequest} from "./commands/operatorRequest.js";
import {operatorRotate} from "./commands/operatorRotate.js";
import {operatorVault} from "./commands/operatorVault.js";
import {operatorWithdraw} from "./commands/operatorWithdraw.js";
import {oraclesSave} from "./commands/oraclesSave.js";
import {oraclesShow} from "./commands/oraclesShow.js";
import {participantsList} from "./commands/participantsList.js";
import {participantsRemove} from "./commands/participantsRemove.js";
import {participantsRotate} from "./commands/participantsRotate.js";
import {relayer} from "./commands/relayer.js";
import {sidecar} from "./commands/sidecar.js";
import {status} from "./commands/status.js";
import {streamsApply} from "./commands/streamsApply.js";
import {trust} from "./commands/trust.js";
import type {CommandDefinition} from "./defineCommand.js";

/** Every command, in the order of `dvt --help`. */
export const commands: readonly CommandDefinition[] = [
  relayer,
  sidecar,
  aggregator,
  gateway,
  consoleCommand,
  health,
  doctor,
  operatorRequest,
  operatorRegister,
  operatorRotate,
  operatorVault,
  operatorWithdraw,
  operatorConsolidate,
  status,
  exitsList,
  exitsShow,
  init,
  join,
  invite,
  accept,
  participantsList,
  participantsRemove,
  participantsRotate,
  streamsApply,
  natsConfig,
  natsReload,
  deadLettersList,
  deadLettersRetry,
  deadLettersDrop,
  oraclesShow,
  oraclesSave,
  clustersShow,
  clustersMove,
  keysNew,
  keysAggregator,
  keysCheck,
  trust,
  completion,
  demo,
  devServers,
];

/** The description of each group of commands. */
export const groups: Readonly<Record<string, string>> = {
  operator: "What an operator requests.",
  exits: "The exits that were asked for, and whose turn they are.",
  participants: "Who takes part by invitation.",
  streams: "The streams and consumers on NATS.",
  nats: "The NATS server's accounts.",
  "dead-letters": "Messages that no role could process.",
  clusters: "Cluster definitions, and which cluster each validator belongs to.",
  oracles: "StakeWise's oracles.",
  keys: "The system's keys.",
};
