import {type Caller, concerns} from "./access/caller.js";
import type {Gateway} from "./gateway.js";
import {type Standing, toStandings} from "./lookUp.js";

/** The open exits of the caller's clusters that go with a deposit. However many others there were, they cost nothing. */
export async function lookUpOpen(gateway: Gateway, caller: Caller): Promise<Standing[]> {
  const heads = await gateway.requests.findOpenWithDeposit(gateway.network.name);
  const places = [...heads.values()].flatMap(({publicKey}) => {
    const place = gateway.clusters.byPublicKey(publicKey);
    return place && concerns(caller, place.cluster) ? [place] : [];
  });
  return [...(await toStandings(gateway, places, heads)).values()];
}
