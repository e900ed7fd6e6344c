// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import "./Reverts.sol";
import {IOracles, Signatures} from "./Signatures.sol";

interface IRegistry {
    function get_deposit_root() external view returns (bytes32);
}

interface IMevVault {
    function mevEscrow() external view returns (address);
}

/// As StakeWise's Keeper, with the list of vaults in itself.
contract Keeper is IOracles {
    event OracleAdded(address indexed oracle);
    event OracleRemoved(address indexed oracle);
    event ConfigUpdated(string configIpfsHash);
    event ValidatorsMinOraclesUpdated(uint256 oracles);
    event RewardsMinOraclesUpdated(uint256 oracles);
    event ValidatorsApproval(address indexed vault, string exitSignaturesIpfsHash);
    event ExitSignaturesUpdated(
        address indexed caller, address indexed vault, uint256 nonce, string exitSignaturesIpfsHash
    );
    event RewardsUpdated(
        address indexed caller,
        bytes32 indexed rewardsRoot,
        uint256 avgRewardPerSecond,
        uint64 updateTimestamp,
        uint64 nonce,
        string rewardsIpfsHash
    );
    event Harvested(
        address indexed vault, bytes32 indexed rewardsRoot, int256 totalAssetsDelta, uint256 unlockedMevDelta
    );

    struct ApprovalParams {
        bytes32 validatorsRegistryRoot;
        uint256 deadline;
        bytes validators;
        bytes signatures;
        string exitSignaturesIpfsHash;
    }

    struct RewardsUpdateParams {
        bytes32 rewardsRoot;
        uint256 avgRewardPerSecond;
        uint64 updateTimestamp;
        string rewardsIpfsHash;
        bytes signatures;
    }

    struct HarvestParams {
        bytes32 rewardsRoot;
        int160 reward;
        uint160 unlockedMevReward;
        bytes32[] proof;
    }

    struct Reward {
        int192 assets;
        uint64 nonce;
    }

    struct UnlockedMevReward {
        uint192 assets;
        uint64 nonce;
    }

    uint256 private constant MAX_AVG_REWARD_PER_SECOND = 6341958396;

    address public immutable owner = msg.sender;
    uint256 public immutable rewardsDelay;
    IRegistry private immutable registry;
    address private immutable sharedMevEscrow;

    mapping(address => bool) public isOracle;
    uint256 public totalOracles;
    uint256 public validatorsMinOracles;
    uint256 public rewardsMinOracles;
    mapping(address => bool) public vaults;
    mapping(address => uint256) public exitSignaturesNonces;
    mapping(address => Reward) public rewards;
    mapping(address => UnlockedMevReward) public unlockedMevRewards;
    bytes32 public prevRewardsRoot;
    bytes32 public rewardsRoot;
    uint64 public lastRewardsTimestamp;
    uint64 public rewardsNonce = 1;

    constructor(IRegistry registry_, address sharedMevEscrow_, uint256 rewardsDelay_) {
        (registry, sharedMevEscrow, rewardsDelay) = (registry_, sharedMevEscrow_, rewardsDelay_);
    }

    modifier onlyOwner() {
        if (msg.sender != owner) revert OwnableUnauthorizedAccount(msg.sender);
        _;
    }

    function setVault(address vault, bool isKnown) external onlyOwner {
        vaults[vault] = isKnown;
    }

    // The oracles

    function addOracle(address oracle) external onlyOwner {
        if (isOracle[oracle]) revert AlreadyAdded();
        isOracle[oracle] = true;
        totalOracles++;
        emit OracleAdded(oracle);
    }

    function removeOracle(address oracle) external onlyOwner {
        if (!isOracle[oracle]) revert AlreadyRemoved();
        isOracle[oracle] = false;
        totalOracles--;
        emit OracleRemoved(oracle);
    }

    function updateConfig(string calldata configIpfsHash) external onlyOwner {
        emit ConfigUpdated(configIpfsHash);
    }

    function setValidatorsMinOracles(uint256 count) external onlyOwner {
        if (count == 0 || count > totalOracles) revert InvalidOracles();
        validatorsMinOracles = count;
        emit ValidatorsMinOraclesUpdated(count);
    }

    function setRewardsMinOracles(uint256 count) external onlyOwner {
        if (count == 0 || count > totalOracles) revert InvalidOracles();
        rewardsMinOracles = count;
        emit RewardsMinOraclesUpdated(count);
    }

    function verify(uint256 needed, bytes32 structHash, bytes calldata signatures) private view {
        if (needed == 0) revert InvalidOracles();
        if (signatures.length < needed * Signatures.LENGTH) revert NotEnoughSignatures();
        bytes32 digest = Signatures.digestOf("KeeperOracles", address(this), structHash);
        if (!Signatures.areOfOracles(this, needed, digest, signatures)) revert InvalidOracle();
    }

    // Validators and their exits

    function approveValidators(ApprovalParams calldata params) external {
        if (params.deadline < block.timestamp) revert DeadlineExpired();
        if (registry.get_deposit_root() != params.validatorsRegistryRoot) revert InvalidValidatorsRegistryRoot();
        if (!vaults[msg.sender]) revert AccessDenied();
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "KeeperValidators(bytes32 validatorsRegistryRoot,address vault,bytes validators,string exitSignaturesIpfsHash,uint256 deadline)"
                ),
                params.validatorsRegistryRoot,
                msg.sender,
                keccak256(params.validators),
                keccak256(bytes(params.exitSignaturesIpfsHash)),
                params.deadline
            )
        );
        verify(validatorsMinOracles, structHash, params.signatures);
        if (rewards[msg.sender].nonce == 0) rewards[msg.sender] = Reward({nonce: rewardsNonce, assets: 0});
        emit ValidatorsApproval(msg.sender, params.exitSignaturesIpfsHash);
    }

    function updateExitSignatures(
        address vault,
        uint256 deadline,
        string calldata exitSignaturesIpfsHash,
        bytes calldata oraclesSignatures
    ) external {
        if (!vaults[vault] || !isCollateralized(vault)) revert InvalidVault();
        if (deadline < block.timestamp) revert DeadlineExpired();
        uint256 nonce = exitSignaturesNonces[vault];
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "KeeperValidators(address vault,string exitSignaturesIpfsHash,uint256 nonce,uint256 deadline)"
                ),
                vault,
                keccak256(bytes(exitSignaturesIpfsHash)),
                nonce,
                deadline
            )
        );
        verify(validatorsMinOracles, structHash, oraclesSignatures);
        exitSignaturesNonces[vault] = nonce + 1;
        emit ExitSignaturesUpdated(msg.sender, vault, nonce, exitSignaturesIpfsHash);
    }

    // Rewards

    function isCollateralized(address vault) public view returns (bool) {
        return rewards[vault].nonce != 0;
    }

    function canHarvest(address vault) external view returns (bool) {
        uint64 nonce = rewards[vault].nonce;
        return nonce != 0 && nonce < rewardsNonce;
    }

    function isHarvestRequired(address vault) external view returns (bool) {
        uint64 nonce = rewards[vault].nonce;
        return nonce != 0 && nonce + 1 < rewardsNonce;
    }

    function canUpdateRewards() public view returns (bool) {
        return lastRewardsTimestamp + rewardsDelay < block.timestamp;
    }

    function updateRewards(RewardsUpdateParams calldata params) external {
        if (!canUpdateRewards()) revert TooEarlyUpdate();
        if (params.avgRewardPerSecond > MAX_AVG_REWARD_PER_SECOND) revert InvalidAvgRewardPerSecond();
        uint64 nonce = rewardsNonce;
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "KeeperRewards(bytes32 rewardsRoot,string rewardsIpfsHash,uint256 avgRewardPerSecond,uint64 updateTimestamp,uint64 nonce)"
                ),
                params.rewardsRoot,
                keccak256(bytes(params.rewardsIpfsHash)),
                params.avgRewardPerSecond,
                params.updateTimestamp,
                nonce
            )
        );
        verify(rewardsMinOracles, structHash, params.signatures);
        prevRewardsRoot = rewardsRoot;
        rewardsRoot = params.rewardsRoot;
        lastRewardsTimestamp = uint64(block.timestamp);
        rewardsNonce = nonce + 1;
        emit RewardsUpdated(
            msg.sender,
            params.rewardsRoot,
            params.avgRewardPerSecond,
            params.updateTimestamp,
            nonce,
            params.rewardsIpfsHash
        );
    }

    /// For a vault, with the latest rewards or those before them.
    function harvest(HarvestParams calldata params)
        external
        returns (int256 totalAssetsDelta, uint256 unlockedMevDelta, bool harvested)
    {
        if (!vaults[msg.sender]) revert AccessDenied();
        uint64 nonce = rewardsNonce;
        if (params.rewardsRoot != rewardsRoot) {
            if (params.rewardsRoot != prevRewardsRoot) revert InvalidRewardsRoot();
            nonce--;
        }
        bytes32 leaf = keccak256(abi.encode(msg.sender, params.reward, params.unlockedMevReward));
        if (climb(keccak256(abi.encode(leaf)), params.proof) != params.rewardsRoot) revert InvalidProof();
        Reward storage last = rewards[msg.sender];
        if (last.nonce >= nonce) return (0, 0, false);
        totalAssetsDelta = int256(params.reward) - last.assets;
        harvested = true;
        (last.nonce, last.assets) = (nonce, params.reward);
        if (IMevVault(msg.sender).mevEscrow() == sharedMevEscrow) {
            unlockedMevDelta = params.unlockedMevReward - unlockedMevRewards[msg.sender].assets;
            unlockedMevRewards[msg.sender] = UnlockedMevReward({nonce: nonce, assets: params.unlockedMevReward});
        }
        emit Harvested(msg.sender, params.rewardsRoot, totalAssetsDelta, unlockedMevDelta);
    }

    function climb(bytes32 node, bytes32[] calldata proof) private pure returns (bytes32) {
        for (uint256 i; i < proof.length; i++) {
            (bytes32 low, bytes32 high) = node < proof[i] ? (node, proof[i]) : (proof[i], node);
            node = keccak256(abi.encode(low, high));
        }
        return node;
    }
}
