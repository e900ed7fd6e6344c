/**
 * Code of a contract that logs what it is called with: a topic of 32 bytes, then the data.
 *
 *     PUSH0 CALLDATALOAD                  topic
 *     PUSH1 20 CALLDATASIZE SUB           length of the data
 *     DUP1 PUSH1 20 PUSH0 CALLDATACOPY    the data, to memory at 0
 *     PUSH0 LOG1 STOP
 */
export const logsItsCalldata = "0x5f35602036038060205f375fa100";
