// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

interface IMevReceiver {
    function receiveFromMevEscrow() external payable;
}

/// Holds MEV for vaults. The escrow of one vault gives all of it, the shared one what the Keeper says.
contract MevEscrow {
    receive() external payable {}

    function harvest() external returns (uint256 assets) {
        assets = address(this).balance;
        if (assets > 0) harvest(assets);
    }

    function harvest(uint256 assets) public {
        IMevReceiver(msg.sender).receiveFromMevEscrow{value: assets}();
    }
}
