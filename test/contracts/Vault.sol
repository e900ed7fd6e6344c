// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import "./Reverts.sol";
import {ConsolidationsChecker} from "./ConsolidationsChecker.sol";
import {DepositContract} from "./DepositContract.sol";
import {Keeper} from "./Keeper.sol";
import {MevEscrow} from "./MevEscrow.sol";
import {Signatures} from "./Signatures.sol";

/// What an operator meets of StakeWise's vaults: their validators and their state, without stakers, fees and tokens.
abstract contract VaultValidators {
    event ValidatorRegistered(bytes publicKey);
    event V2ValidatorRegistered(bytes publicKey, uint256 amount);
    event ValidatorFunded(bytes publicKey, uint256 amount);
    event ValidatorWithdrawalSubmitted(bytes publicKey, uint256 amount, uint256 feePaid);
    event ValidatorConsolidationSubmitted(bytes fromPublicKey, bytes toPublicKey, uint256 feePaid);
    event ValidatorsManagerUpdated(address indexed caller, address indexed validatorsManager);

    struct Setup {
        Keeper keeper;
        address validatorsRegistry;
        ConsolidationsChecker consolidationsChecker;
        address sharedMevEscrow;
        address mevEscrow;
        uint8 version;
    }

    struct Deposit {
        bytes publicKey;
        bytes signature;
        bytes withdrawalCredentials;
        bytes32 root;
        uint256 amount;
    }

    uint256 private constant V1_LENGTH = 176;
    uint256 private constant V2_LENGTH = 184;
    address private constant WITHDRAWALS = 0x00000961Ef480Eb55e80D19ad83579A64c007002;
    address private constant CONSOLIDATIONS = 0x0000BBdDc7CE488642fb579F8B00f3a590007251;

    Keeper private immutable keeper;
    ConsolidationsChecker private immutable checker;
    address private immutable sharedMevEscrow;
    address internal immutable registry;
    address public immutable admin = msg.sender;
    address public immutable mevEscrow;
    uint8 public immutable version;

    address public validatorsManager;
    uint256 public validatorsManagerNonce;
    mapping(bytes32 => bool) public v2Validators;
    uint256 public totalAssets;
    uint256 private reserved;

    constructor(Setup memory setup) {
        (keeper, registry, checker) = (setup.keeper, setup.validatorsRegistry, setup.consolidationsChecker);
        (sharedMevEscrow, mevEscrow, version) = (setup.sharedMevEscrow, setup.mevEscrow, setup.version);
    }

    function setValidatorsManager(address manager) external {
        if (msg.sender != admin) revert AccessDenied();
        if (manager == validatorsManager) revert ValueNotChanged();
        validatorsManager = manager;
        emit ValidatorsManagerUpdated(msg.sender, manager);
    }

    /// So much is for those who leave the vault.
    function reserve(uint256 assets) external {
        reserved = assets;
    }

    function withdrawableAssets() public view returns (uint256) {
        uint256 assets = vaultAssets();
        return assets > reserved ? assets - reserved : 0;
    }

    function isStateUpdateRequired() public view returns (bool) {
        return keeper.isHarvestRequired(address(this));
    }

    function updateState(Keeper.HarvestParams calldata harvestParams) external {
        (int256 delta, uint256 unlockedMev, bool harvested) = keeper.harvest(harvestParams);
        if (!harvested) return;
        if (mevEscrow == sharedMevEscrow) {
            if (unlockedMev > 0) MevEscrow(payable(mevEscrow)).harvest(unlockedMev);
        } else {
            delta += int256(MevEscrow(payable(mevEscrow)).harvest());
        }
        totalAssets = uint256(int256(totalAssets) + delta);
    }

    function receiveFromMevEscrow() external payable {
        if (msg.sender != mevEscrow) revert AccessDenied();
    }

    function multicall(bytes[] calldata data) external returns (bytes[] memory results) {
        results = new bytes[](data.length);
        for (uint256 i; i < data.length; i++) {
            (bool done, bytes memory answer) = address(this).delegatecall(data[i]);
            results[i] = orRevert(done, answer);
        }
    }

    // Deposits

    function registerValidators(Keeper.ApprovalParams calldata keeperParams, bytes calldata validatorsManagerSignature)
        external
    {
        keeper.approveValidators(keeperParams);
        if (isStateUpdateRequired()) revert NotHarvested();
        checkManager(keeperParams.validators, keeperParams.validatorsRegistryRoot, validatorsManagerSignature);
        depositAll(readDeposits(keeperParams.validators, false));
    }

    function fundValidators(bytes calldata validators, bytes calldata validatorsManagerSignature) external {
        if (isStateUpdateRequired()) revert NotHarvested();
        checkManager(validators, bytes32(validatorsManagerNonce), validatorsManagerSignature);
        depositAll(readDeposits(validators, true));
    }

    function readDeposits(bytes calldata validators, bool isTopUp) private returns (Deposit[] memory deposits) {
        bool isV1 = validators.length % V1_LENGTH == 0;
        if (validators.length == 0 || isV1 == (validators.length % V2_LENGTH == 0)) revert InvalidValidators();
        if (isTopUp && isV1) revert CannotTopUpV1Validators();
        uint256 length = isV1 ? V1_LENGTH : V2_LENGTH;
        deposits = new Deposit[](validators.length / length);
        for (uint256 i; i < deposits.length; i++) {
            Deposit memory deposit = readDeposit(validators[i * length:(i + 1) * length], isV1);
            deposits[i] = deposit;
            if (isTopUp) {
                if (!v2Validators[keccak256(deposit.publicKey)]) revert InvalidValidators();
                emit ValidatorFunded(deposit.publicKey, deposit.amount);
                continue;
            }
            if (deposit.amount < 32 ether || deposit.amount > 2048 ether) revert InvalidAssets();
            if (isV1) {
                emit ValidatorRegistered(deposit.publicKey);
            } else {
                v2Validators[keccak256(deposit.publicKey)] = true;
                emit V2ValidatorRegistered(deposit.publicKey, deposit.amount);
            }
        }
    }

    function readDeposit(bytes calldata validator, bool isV1) private view returns (Deposit memory) {
        return Deposit({
            publicKey: validator[:48],
            signature: validator[48:144],
            withdrawalCredentials: abi.encodePacked(isV1 ? bytes1(0x01) : bytes1(0x02), bytes11(0), address(this)),
            root: bytes32(validator[144:176]),
            amount: isV1 ? 32 ether : uint256(uint64(bytes8(validator[176:]))) * 1 gwei
        });
    }

    function depositAll(Deposit[] memory deposits) private {
        prepareDeposits();
        uint256 available = withdrawableAssets();
        for (uint256 i; i < deposits.length; i++) {
            available -= depositOne(deposits[i]);
        }
    }

    // Exits and consolidations: each request pays its fee, what is left goes back.

    function withdrawValidators(bytes calldata validators, bytes calldata validatorsManagerSignature)
        external
        payable
    {
        if (!keeper.isCollateralized(address(this))) revert NotCollateralized();
        checkManager(validators, bytes32(validatorsManagerNonce), validatorsManagerSignature);
        if (validators.length == 0 || validators.length % 56 != 0) revert InvalidValidators();
        uint256 left = msg.value;
        for (uint256 start; start < validators.length; start += 56) {
            bytes calldata validator = validators[start:start + 56];
            uint256 fee = request(WITHDRAWALS, validator);
            left -= fee;
            emit ValidatorWithdrawalSubmitted(validator[:48], uint256(uint64(bytes8(validator[48:]))) * 1 gwei, fee);
        }
        refund(left);
    }

    function consolidateValidators(
        bytes calldata validators,
        bytes calldata validatorsManagerSignature,
        bytes calldata oracleSignatures
    ) external payable {
        if (!keeper.isCollateralized(address(this))) revert NotCollateralized();
        checkManager(validators, bytes32(validatorsManagerNonce), validatorsManagerSignature);
        bool isApproved = oracleSignatures.length > 0;
        if (isApproved) checker.verifySignatures(address(this), validators, oracleSignatures);
        if (validators.length == 0 || validators.length % 96 != 0) revert InvalidValidators();
        uint256 left = msg.value;
        for (uint256 start; start < validators.length; start += 96) {
            bytes calldata validator = validators[start:start + 96];
            uint256 fee = request(CONSOLIDATIONS, validator);
            bytes32 target = keccak256(validator[48:]);
            if (isApproved) v2Validators[target] = true;
            else if (!v2Validators[target]) revert InvalidValidators();
            left -= fee;
            emit ValidatorConsolidationSubmitted(validator[:48], validator[48:], fee);
        }
        refund(left);
    }

    function request(address queue, bytes calldata validator) private returns (uint256 fee) {
        (bool asked, bytes memory answer) = queue.staticcall("");
        answer = orRevert(asked, answer);
        if (answer.length == 0 && queue.code.length == 0) revert AddressEmptyCode(queue);
        fee = uint256(bytes32(answer));
        if (address(this).balance < fee) revert InsufficientBalance(address(this).balance, fee);
        (bool done, bytes memory reason) = queue.call{value: fee}(validator);
        orRevert(done, reason);
    }

    function refund(uint256 left) private {
        if (left == 0) return;
        (bool done, bytes memory reason) = msg.sender.call{value: left}("");
        orRevert(done, reason);
    }

    // What all need

    /// Without a signature the sender has to be the manager; an accepted one counts.
    function checkManager(bytes calldata validators, bytes32 nonce, bytes calldata signature) private {
        address manager = validatorsManager;
        if (manager == address(0) || validators.length == 0) revert AccessDenied();
        if (signature.length == 0) {
            if (msg.sender != manager) revert AccessDenied();
            return;
        }
        bytes32 typeHash = keccak256("VaultValidators(bytes32 validatorsRegistryRoot,bytes validators)");
        bytes32 structHash = keccak256(abi.encode(typeHash, nonce, keccak256(validators)));
        bytes32 digest = Signatures.digestOf("VaultValidators", address(this), structHash);
        if (!Signatures.isOf(manager, digest, signature)) revert AccessDenied();
        validatorsManagerNonce++;
    }

    function orRevert(bool done, bytes memory answer) internal pure returns (bytes memory) {
        if (done) return answer;
        if (answer.length == 0) revert FailedCall();
        assembly {
            revert(add(answer, 32), mload(answer))
        }
    }

    function vaultAssets() internal view virtual returns (uint256);

    function prepareDeposits() internal virtual {}

    /// Returns what it took of the vault's assets.
    function depositOne(Deposit memory deposit) internal virtual returns (uint256);
}

/// A vault of ETH.
contract Vault is VaultValidators {
    constructor(Setup memory setup) VaultValidators(setup) {}

    function vaultId() external pure returns (bytes32) {
        return keccak256("EthVault");
    }

    receive() external payable {
        totalAssets += msg.value;
    }

    function vaultAssets() internal view override returns (uint256) {
        return address(this).balance;
    }

    function depositOne(Deposit memory one) internal override returns (uint256) {
        DepositContract(registry).deposit{value: one.amount}(
            one.publicKey, one.withdrawalCredentials, one.signature, one.root
        );
        return one.amount;
    }
}
