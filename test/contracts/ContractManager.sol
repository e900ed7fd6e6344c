// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {Signatures} from "./Signatures.sol";

/// A validators manager that is a contract: what its owner's key signs, it has signed.
contract ContractManager {
    address public owner;

    constructor(address owner_) {
        owner = owner_;
    }

    /// As it may decide by itself, from one block to the next.
    function setOwner(address owner_) external {
        owner = owner_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return Signatures.isOf(owner, digest, signature) ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// A Safe with one owner, from its version 1.3.0 on: its owner signs a message of the Safe that has the digest, and it never answers no.
contract SafeManager {
    address private immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        bytes32 domain = keccak256(
            abi.encode(keccak256("EIP712Domain(uint256 chainId,address verifyingContract)"), block.chainid, address(this))
        );
        bytes32 structHash = keccak256(abi.encode(keccak256("SafeMessage(bytes message)"), keccak256(abi.encode(digest))));
        bytes32 message = keccak256(abi.encodePacked(hex"1901", domain, structHash));
        require(Signatures.isOf(owner, message, signature), "GS026");
        return this.isValidSignature.selector;
    }
}
