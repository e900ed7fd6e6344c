import {ages, type ExitFilter, exitStates, urlOf} from "../place.js";

/** Which exits to show: links for the state, a form for the rest. It works without scripts. */
export const Filters = ({filter, clusters}: {filter: ExitFilter; clusters: readonly string[]}) => {
  const {after: _, ...kept} = filter;
  return (
    <div class="filters">
      <nav class="states" aria-label="State">
        {exitStates.map((state) => (
          <a
            key={state}
            href={urlOf({page: "exits", filter: {...kept, state}})}
            aria-current={state === filter.state ? "page" : undefined}
          >
            {state}
          </a>
        ))}
      </nav>
      <form action="/exits" method="get">
        {filter.state !== "open" && <input type="hidden" name="state" value={filter.state} />}
        <label>
          Cluster{" "}
          <select name="cluster">
            <option value="">all</option>
            {clusters.map((id) => (
              <option key={id} value={id} selected={id === filter.cluster}>
                {id}
              </option>
            ))}
          </select>
        </label>
        <label>
          Older than{" "}
          <select name="older">
            <option value="">any age</option>
            {Object.keys(ages).map((age) => (
              <option key={age} value={age} selected={age === filter.older}>
                {ageNames[age as keyof typeof ages]}
              </option>
            ))}
          </select>
        </label>
        <label>
          Key begins with{" "}
          <input name="key" value={filter.key ?? ""} placeholder="0x…" size={14} spellcheck={false} autocomplete="off" />
        </label>
        <button type="submit">Show</button>
      </form>
    </div>
  );
};

const ageNames: Record<keyof typeof ages, string> = {"1m": "1 min", "10m": "10 min", "1h": "1 h", "1d": "1 d"};
