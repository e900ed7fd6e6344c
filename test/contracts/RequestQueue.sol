// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

/// What EIP-7002 and EIP-7251 put at their addresses: a queue of requests of equal length, whose fee rises with the excess.
/// Its slots are theirs: excess, count, head, tail, then the requests.
contract RequestQueue {
    uint256 private excess;
    uint256 private count;
    uint256 private head;
    uint256 private tail;

    uint256 private immutable requestLength;

    constructor(uint256 requestLength_) {
        requestLength = requestLength_;
    }

    fallback(bytes calldata request) external payable returns (bytes memory) {
        uint256 fee = currentFee();
        if (request.length == 0) {
            require(msg.value == 0);
            return abi.encode(fee);
        }
        require(request.length == requestLength && msg.value >= fee);
        uint256 words = (request.length + 31) / 32;
        uint256 slot = 4 + tail * (1 + words);
        store(slot, bytes32(uint256(uint160(msg.sender))));
        for (uint256 i; i < words; i++) {
            uint256 end = 32 * (i + 1) < request.length ? 32 * (i + 1) : request.length;
            store(slot + 1 + i, bytes32(request[32 * i:end]));
        }
        (count, tail) = (count + 1, tail + 1);
        bytes memory log = abi.encodePacked(msg.sender, request);
        assembly {
            log0(add(log, 32), mload(log))
        }
        return "";
    }

    /// e to the power of excess / 17, as the first terms of its series, in whole wei.
    function currentFee() private view returns (uint256 fee) {
        uint256 term = 17;
        for (uint256 i = 1; term > 0; i++) {
            fee += term;
            term = term * excess / (17 * i);
        }
        return fee / 17;
    }

    function store(uint256 slot, bytes32 word) private {
        assembly {
            sstore(slot, word)
        }
    }
}
