// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {Signatures} from "./Signatures.sol";

/// A validators manager that is a contract: what its owner's key signs, it has signed.
contract ContractManager {
    address private immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return Signatures.isOf(owner, digest, signature) ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}
