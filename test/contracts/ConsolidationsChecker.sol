// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import "./Reverts.sol";
import {IOracles, Signatures} from "./Signatures.sol";

interface IMinOracles is IOracles {
    function validatorsMinOracles() external view returns (uint256);
}

/// Whether enough oracles allow consolidations into validators that the vault does not know.
contract ConsolidationsChecker {
    IMinOracles private immutable keeper;

    constructor(IMinOracles keeper_) {
        keeper = keeper_;
    }

    function verifySignatures(address vault, bytes calldata validators, bytes calldata signatures) external view {
        if (!isValidSignatures(vault, validators, signatures)) revert InvalidSignatures();
    }

    function isValidSignatures(address vault, bytes calldata validators, bytes calldata signatures)
        public
        view
        returns (bool)
    {
        uint256 needed = keeper.validatorsMinOracles();
        if (needed == 0 || signatures.length < needed * Signatures.LENGTH) return false;
        if (signatures.length % Signatures.LENGTH != 0) return false;
        bytes32 typeHash = keccak256("ConsolidationsChecker(address vault,bytes validators)");
        bytes32 structHash = keccak256(abi.encode(typeHash, vault, keccak256(validators)));
        bytes32 digest = Signatures.digestOf("ConsolidationsChecker", address(this), structHash);
        return Signatures.areOfOracles(keeper, needed, digest, signatures);
    }
}
