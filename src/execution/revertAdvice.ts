/** What each revert of a registration, a rotation or another call of a vault means, and what to do. */
const advice: Readonly<Record<string, string>> = {
  AccessDenied:
    "the vault's validators manager has changed, or is a contract that no longer accepts the key, or the vault is not StakeWise's; check the vault and the manager's key",
  CannotTopUpV1Validators: "a 0x01 validator cannot be topped up; it has to be switched to 0x02 first",
  DeadlineExpired: "the oracles' approval was over before the transaction; it is asked for again; is this machine's clock right?",
  FailedCall: "the vault has less than it was to stake; its assets went meanwhile",
  InsufficientBalance: "a place in the network's queue costs more than was paid; it is read again",
  InvalidAssets: "an amount is less than 32 or more than 2,048 ETH (mGNO on Gnosis); check --amounts",
  InvalidOracle: "the Keeper does not know an oracle that signed; the oracles have changed, run the command again",
  InvalidProof: "the rewards do not fit the Keeper's root any more; run the command again",
  InvalidRewardsRoot: "the rewards do not fit the Keeper's root any more; run the command again",
  InvalidSignatures: "the oracles' signatures are not as long as the contract expects; run the command again",
  InvalidValidators: "the vault does not take these validators: check that it is a vault of version 5 or later",
  InvalidValidatorsRegistryRoot: "somebody deposited meanwhile; run the command again",
  InvalidVault: "the Keeper does not know the vault, or it never had a validator; check its address",
  NotCollateralized: "the vault never had a validator",
  NotEnoughSignatures: "the Keeper wants more oracles than signed; the oracles have changed, run the command again",
  NotHarvested: "the vault is two rewards behind, and they could not be taken; check IPFS_FETCH_ENDPOINTS",
  "Panic 0x11": "the vault's assets do not suffice",
};

/** Reverts of what was right when it was begun: to be made anew. */
const ofChanges = new Set([
  "DeadlineExpired",
  "FailedCall",
  "InsufficientBalance",
  "InvalidOracle",
  "InvalidProof",
  "InvalidRewardsRoot",
  "NotEnoughSignatures",
  "NotHarvested",
  "Panic 0x11",
]);

/** Whether making it anew may help. */
export const isOfChange = (revert: string): boolean => ofChanges.has(revert);

/** A revert's name with what to do. */
export const adviceOf = (revert: string): string => (advice[revert] ? `${revert}: ${advice[revert]}` : revert);
