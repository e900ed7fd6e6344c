// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {Deposits} from "./DepositContract.sol";
import {VaultValidators} from "./Vault.sol";

/// As much of GNO as deposits need; anybody may make more of it.
contract GnoToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }

    /// As GNO's own compiler has it: where there is too little, all gas is used up, and no reason given.
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (balanceOf[from] < amount) {
            assembly {
                invalid()
            }
        }
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

/// Gnosis': the stake is fetched in GNO, of which one is 32 on the consensus layer; what is withdrawn waits here.
contract GnosisDepositContract is Deposits {
    GnoToken public immutable stake_token;
    mapping(address => uint256) public withdrawableAmount;

    constructor(GnoToken token) {
        stake_token = token;
    }

    function deposit(
        bytes calldata pubkey,
        bytes calldata withdrawal_credentials,
        bytes calldata signature,
        bytes32 deposit_data_root,
        uint256 stake_amount
    ) external {
        stake_token.transferFrom(msg.sender, address(this), stake_amount);
        checkLengths(pubkey, withdrawal_credentials, signature);
        uint256 staked = 32 * stake_amount;
        checkValue(staked);
        take(pubkey, withdrawal_credentials, signature, deposit_data_root, staked / 1 gwei);
    }

    /// As the network does it at a withdrawal.
    function setWithdrawable(address account, uint256 amount) external {
        withdrawableAmount[account] = amount;
        stake_token.mint(address(this), amount);
    }

    function claimWithdrawal(address account) external {
        uint256 amount = withdrawableAmount[account];
        if (amount == 0) return;
        withdrawableAmount[account] = 0;
        stake_token.transfer(account, amount);
    }
}

/// A vault of GNO. Amounts of validators are those of the consensus layer, 32 for one GNO.
contract GnosisVault is VaultValidators {
    GnoToken private immutable token;

    constructor(Setup memory setup, GnoToken token_) VaultValidators(setup) {
        token = token_;
        token_.approve(setup.validatorsRegistry, type(uint256).max);
    }

    function vaultId() external pure returns (bytes32) {
        return keccak256("GnoVault");
    }

    /// xDAI, which counts for nothing until it is swapped.
    receive() external payable {}

    function vaultAssets() internal view override returns (uint256) {
        return token.balanceOf(address(this)) + GnosisDepositContract(registry).withdrawableAmount(address(this));
    }

    function prepareDeposits() internal override {
        GnosisDepositContract(registry).claimWithdrawal(address(this));
    }

    function depositOne(Deposit memory one) internal override returns (uint256 assets) {
        assets = one.amount / 32;
        GnosisDepositContract(registry).deposit(
            one.publicKey, one.withdrawalCredentials, one.signature, one.root, assets
        );
    }
}
