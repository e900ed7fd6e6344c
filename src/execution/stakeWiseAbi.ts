import {parseAbi} from "viem";

/**
 * What is called of a vault. https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/interfaces/IVaultValidators.sol,
 * https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/interfaces/IVaultState.sol
 */
export const vaultAbi = parseAbi([
  "struct HarvestParams { bytes32 rewardsRoot; int160 reward; uint160 unlockedMevReward; bytes32[] proof; }",
  "struct ApprovalParams { bytes32 validatorsRegistryRoot; uint256 deadline; bytes validators; bytes signatures; string exitSignaturesIpfsHash; }",
  "function version() view returns (uint8)",
  "function validatorsManager() view returns (address)",
  "function validatorsManagerNonce() view returns (uint256)",
  "function withdrawableAssets() view returns (uint256)",
  "function updateState(HarvestParams harvestParams)",
  "function registerValidators(ApprovalParams keeperParams, bytes validatorsManagerSignature)",
  "function fundValidators(bytes validators, bytes validatorsManagerSignature)",
  "function withdrawValidators(bytes validators, bytes validatorsManagerSignature) payable",
  "function consolidateValidators(bytes validators, bytes validatorsManagerSignature, bytes oracleSignatures) payable",
  "function v2Validators(bytes32 publicKeyHash) view returns (bool)",
  "function multicall(bytes[] data) returns (bytes[] results)",
  "event ValidatorRegistered(bytes publicKey)",
  "event V2ValidatorRegistered(bytes publicKey, uint256 amount)",
  "event ValidatorFunded(bytes publicKey, uint256 amount)",
]);

/**
 * What is called of the Keeper. https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/interfaces/IKeeperValidators.sol,
 * https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/interfaces/IKeeperRewards.sol
 */
export const keeperAbi = parseAbi([
  "function validatorsMinOracles() view returns (uint256)",
  "function canHarvest(address vault) view returns (bool)",
  "function exitSignaturesNonces(address vault) view returns (uint256)",
  "function updateExitSignatures(address vault, uint256 deadline, string exitSignaturesIpfsHash, bytes oraclesSignatures)",
  "event RewardsUpdated(address indexed caller, bytes32 indexed rewardsRoot, uint256 avgRewardPerSecond, uint64 updateTimestamp, uint64 nonce, string rewardsIpfsHash)",
  "event ExitSignaturesUpdated(address indexed caller, address indexed vault, uint256 nonce, string exitSignaturesIpfsHash)",
]);

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/solidity_deposit_contract/deposit_contract.sol */
export const depositAbi = parseAbi(["function get_deposit_root() view returns (bytes32)"]);

/**
 * What a call of a vault or a rotation may revert with, by the contracts' names.
 * https://github.com/stakewise/v3-core/blob/v4.0.0/contracts/libraries/Errors.sol,
 * https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v5.2.0/contracts/utils/Errors.sol
 */
export const errorsAbi = parseAbi([
  "error AccessDenied()",
  "error CannotTopUpV1Validators()",
  "error DeadlineExpired()",
  "error FailedCall()",
  "error InsufficientBalance(uint256 balance, uint256 needed)",
  "error InvalidAssets()",
  "error InvalidOracle()",
  "error InvalidProof()",
  "error InvalidRewardsRoot()",
  "error InvalidSignatures()",
  "error InvalidValidators()",
  "error InvalidValidatorsRegistryRoot()",
  "error InvalidVault()",
  "error NotCollateralized()",
  "error NotEnoughSignatures()",
  "error NotHarvested()",
]);
