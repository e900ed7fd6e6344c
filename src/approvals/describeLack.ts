import type {ApprovalTerms, Lacking} from "./outcome.js";

/** Why it was not enough, in one line for a log or a terminal: hosts with what they did. */
export function describeLack({needed, groups, failures, pending}: Lacking<Partial<ApprovalTerms>>): string {
  const most = groups[0]?.hosts.length ?? 0;
  const parts = [
    ...groups.map(({terms, hosts}) => `${termsText(terms)}${hosts.join(", ")}`),
    ...failures.map(({host, reason}) => `${host}: ${reason}`),
    ...(pending > 0 ? [`${pending} not waited for`] : []),
  ];
  return `${most} of ${needed} needed oracles: ${parts.join("; ")}`;
}

const termsText = ({ipfsHash, deadline}: Partial<ApprovalTerms>): string =>
  ipfsHash === undefined ? "good answers: " : `for ${ipfsHash} until ${deadline}: `;
