// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

/// What every deposit contract does: checks a deposit, logs it, and takes it into a Merkle tree of 2^32 leaves.
/// https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/phase0/deposit-contract.md
abstract contract Deposits {
    event DepositEvent(bytes pubkey, bytes withdrawal_credentials, bytes amount, bytes signature, bytes index);

    uint256 private constant DEPTH = 32;
    /// Of each height, the last full subtree that waits for its right neighbour.
    bytes32[DEPTH] private waiting;
    bytes32[DEPTH] private zeros;
    uint256 internal count;

    constructor() {
        for (uint256 height; height + 1 < DEPTH; height++) {
            zeros[height + 1] = hash(zeros[height], zeros[height]);
        }
    }

    function get_deposit_root() external view returns (bytes32) {
        bytes32 node;
        uint256 rest = count;
        for (uint256 height; height < DEPTH; height++) {
            node = rest & 1 == 1 ? hash(waiting[height], node) : hash(node, zeros[height]);
            rest >>= 1;
        }
        return hash(node, bytes32(littleEndian(count)));
    }

    function get_deposit_count() external view returns (bytes memory) {
        return abi.encodePacked(littleEndian(count));
    }

    function checkLengths(bytes memory pubkey, bytes memory credentials, bytes memory signature) internal pure {
        require(pubkey.length == 48, "DepositContract: invalid pubkey length");
        require(credentials.length == 32, "DepositContract: invalid withdrawal_credentials length");
        require(signature.length == 96, "DepositContract: invalid signature length");
    }

    function checkValue(uint256 value) internal pure {
        require(value >= 1 ether, "DepositContract: deposit value too low");
        require(value % 1 gwei == 0, "DepositContract: deposit value not multiple of gwei");
        require(value / 1 gwei <= type(uint64).max, "DepositContract: deposit value too high");
    }

    function take(bytes calldata pubkey, bytes calldata credentials, bytes calldata signature, bytes32 root, uint256 gwei_)
        internal
    {
        bytes8 amount = littleEndian(gwei_);
        emit DepositEvent(
            pubkey, credentials, abi.encodePacked(amount), signature, abi.encodePacked(littleEndian(count))
        );
        bytes32 key = sha256(abi.encodePacked(pubkey, bytes16(0)));
        bytes32 signed = hash(sha256(signature[:64]), hash(bytes32(signature[64:]), 0));
        bytes32 node = hash(hash(key, bytes32(credentials)), hash(bytes32(amount), signed));
        require(
            node == root, "DepositContract: reconstructed DepositData does not match supplied deposit_data_root"
        );
        require(count + 1 < 2 ** DEPTH, "DepositContract: merkle tree full");
        uint256 rest = ++count;
        uint256 height;
        for (; rest & 1 == 0; rest >>= 1) {
            node = hash(waiting[height++], node);
        }
        waiting[height] = node;
    }

    function hash(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(left, right));
    }

    function littleEndian(uint256 value) private pure returns (bytes8) {
        uint64 turned;
        for (uint256 i; i < 8; i++) {
            turned = (turned << 8) | uint8(value >> (8 * i));
        }
        return bytes8(turned);
    }
}

/// Ethereum's: the stake comes with the call.
contract DepositContract is Deposits {
    function deposit(
        bytes calldata pubkey,
        bytes calldata withdrawal_credentials,
        bytes calldata signature,
        bytes32 deposit_data_root
    ) external payable {
        checkLengths(pubkey, withdrawal_credentials, signature);
        checkValue(msg.value);
        take(pubkey, withdrawal_credentials, signature, deposit_data_root, msg.value / 1 gwei);
    }
}
