import {type Static, Type} from "typebox";
import {Deposit} from "../../../schemas/deposit.js";
import {ShareIndex, ValidatorIndex} from "../../../schemas/fields.js";
import {depositKeyOf} from "../../exits/depositId.js";
import {whyNotDeposit} from "../../exits/depositRules.js";
import type {App} from "../../web/app.js";
import {examples} from "../apiDocument/examples.js";
import {security} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {createdAt, toCreatedAt} from "../progress/createdAt.js";
import {type ExitProgress, readOpenProgress} from "../progress/readProgress.js";
import {depositToSign, exitToSign, isSettled} from "../shares/signable.js";
import {longPoll} from "../waiting/longPoll.js";

const Validator = Type.Object({
  public_key: Type.String({description: "in lower case"}),
  ...Deposit.properties,
  validator_index: ValidatorIndex,
  share_indexes_ready: Type.Array(ShareIndex, {
    description: "no more is needed from these: both signatures were verified, or one was and the other is complete",
  }),
  is_signatures_ready: Type.Literal(false, {description: "complete validators are not listed"}),
  ...createdAt,
});
type ValidatorAnswer = Static<typeof Validator>;

const example = {
  public_key: examples.publicKey,
  vault: examples.vault,
  amount: examples.gwei,
  validator_type: "0x02",
  validator_index: 1000,
  share_indexes_ready: [3],
  is_signatures_ready: false,
  ...examples.createdAt,
};

const schema = {
  summary: "The exits and deposits that need signatures",
  description: [
    "The validators of the caller's clusters for which an exit was asked for with its deposit.",
    "While there is none, the answer waits up to 5 s.",
    "Complete validators are not listed.",
  ].join(" "),
  security,
  response: {200: Type.Object({validators: Type.Array(Validator)}, {examples: [{validators: [example]}]})},
};

/** Clients stop for good at a 200 of any other shape, so every failure is thrown. */
export function addOpenValidators(app: App, gateway: Gateway): void {
  app.get("/validators", {schema}, async (request) => {
    const look = async (): Promise<ValidatorAnswer[]> => {
      const open = await gateway.filterOrdered(await readOpenProgress(gateway, request.caller));
      const wanted = open.flatMap((it) => toAnswer(gateway, it).map((answer) => ({...it, answer})));
      return (await gateway.filterAllowed(wanted)).map(({answer}) => answer);
    };
    return {validators: await longPoll(gateway, request, look, (validators) => validators.length > 0)};
  });
}

/** Empty when no more signatures are needed: the relayer may not have closed the exit yet. */
function toAnswer({depositRules, pollLogs: {depositsNotShown}}: Gateway, progress: ExitProgress): ValidatorAnswer[] {
  const {exit, head, deposit, validator} = progress;
  const why = deposit && whyNotDeposit(depositRules, deposit.id);
  if (why) depositsNotShown.waits(depositKeyOf(deposit.id), {code: why});
  else if (deposit) depositsNotShown.settled(depositKeyOf(deposit.id));
  const toSign = [exitToSign(progress), depositToSign(progress, depositRules)].flatMap((it) => it ?? []);
  if (!deposit || toSign.length < 2 || toSign.every(({isComplete}) => isComplete)) return [];
  const indexes = [...validator.publicKeyShares.keys()].sort((a, b) => a - b);
  return [
    {
      public_key: exit.publicKey,
      ...deposit.id.deposit,
      validator_index: exit.validatorIndex,
      share_indexes_ready: indexes.filter((index) => toSign.every((it) => isSettled(it, index))),
      is_signatures_ready: false,
      ...toCreatedAt(head.openedAt),
    },
  ];
}
