// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import "./Reverts.sol";

interface IOracles {
    function isOracle(address account) external view returns (bool);
}

interface IERC1271 {
    function isValidSignature(bytes32 digest, bytes memory signature) external view returns (bytes4);
}

/// EIP-712 digests, and who signed them.
library Signatures {
    uint256 internal constant LENGTH = 65;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    function digestOf(string memory name, address verifier, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// Whether the account made this signature: with its key, or as a contract by its own rules (ERC-1271).
    function isOf(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (account.code.length == 0) {
            if (signature.length != LENGTH) return false;
            (bytes32 r, bytes32 s, uint8 v) = split(signature);
            return uint256(s) <= HALF_ORDER && account != address(0) && ecrecover(digest, v, r, s) == account;
        }
        (bool done, bytes memory answer) =
            account.staticcall(abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
        return done && answer.length >= 32 && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }

    /// Whether the first `needed` signatures are of known oracles, each above the one before it. A signature that is none at all reverts.
    function areOfOracles(IOracles oracles, uint256 needed, bytes32 digest, bytes calldata signatures)
        internal
        view
        returns (bool)
    {
        address last;
        for (uint256 i; i < needed; i++) {
            address signer = recover(digest, signatures[i * LENGTH:(i + 1) * LENGTH]);
            if (signer <= last || !oracles.isOracle(signer)) return false;
            last = signer;
        }
        return true;
    }

    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        if (uint256(s) > HALF_ORDER) revert ECDSAInvalidSignatureS(s);
        signer = ecrecover(digest, v, r, s);
        if (signer == address(0)) revert ECDSAInvalidSignature();
    }

    function split(bytes calldata signature) private pure returns (bytes32 r, bytes32 s, uint8 v) {
        return (bytes32(signature[:32]), bytes32(signature[32:64]), uint8(signature[64]));
    }
}
