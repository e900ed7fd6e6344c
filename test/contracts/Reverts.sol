// SPDX-License-Identifier: UNLICENSED
// Why StakeWise's contracts revert, by the names that its operators see.
pragma solidity 0.8.30;

error AccessDenied();
error AlreadyAdded();
error AlreadyRemoved();
error CannotTopUpV1Validators();
error DeadlineExpired();
error InvalidAssets();
error InvalidAvgRewardPerSecond();
error InvalidOracle();
error InvalidOracles();
error InvalidProof();
error InvalidRewardsRoot();
error InvalidSignatures();
error InvalidValidators();
error InvalidValidatorsRegistryRoot();
error InvalidVault();
error NotCollateralized();
error NotEnoughSignatures();
error NotHarvested();
error TooEarlyUpdate();
error ValueNotChanged();

// Those of the library that StakeWise builds on.
error AddressEmptyCode(address target);
error ECDSAInvalidSignature();
error ECDSAInvalidSignatureS(bytes32 s);
error FailedCall();
error InsufficientBalance(uint256 balance, uint256 needed);
error OwnableUnauthorizedAccount(address account);
