import {describe, expect, it} from "vitest";
import {knownNames} from "../../../src/cli/knownNames.js";
import {findMisspelt} from "../../../src/runtime/misspelt.js";

describe("a name that is not known", () => {
  it.each([
    {name: "EXIT_PER_HOUR", meant: "EXITS_PER_HOUR"},
    {name: "EXITS_PER_HUOR", meant: "EXITS_PER_HOUR"},
    {name: "exits_per_hour", meant: "EXITS_PER_HOUR"},
    {name: "EXITS-PER-HOUR", meant: "EXITS_PER_HOUR"},
    {name: "ALLOWED_VAULT", meant: "ALLOWED_VAULTS"},
    {name: "ALLOWED_KEYS", meant: "ALLOWED_KEYS_FILE"},
    {name: "INDEXES_PER_KEYS_PER_DAY", meant: "INDEXES_PER_KEY_PER_DAY"},
    {name: "CONSENSUS_ENDPOINTS", meant: "CONSENSUS_ENDPOINT"},
    {name: "CONSENSUS_ENDPOINT_FLIE", meant: "CONSENSUS_ENDPOINT_FILE"},
    {name: "LOGLEVEL", meant: "LOG_LEVEL"},
    {name: "NETWROK", meant: "NETWORK"},
  ])("$name is taken for $meant", ({name, meant}) => {
    expect(findMisspelt([name], knownNames)).toEqual([{name, meant}]);
  });

  it.each([
    {id: "a login shell", names: "PATH HOME USER LOGNAME SHELL LANG LC_ALL TERM PWD OLDPWD SHLVL TZ EDITOR MAIL DISPLAY _"},
    {id: "systemd", names: "INVOCATION_ID JOURNAL_STREAM STATE_DIRECTORY CREDENTIALS_DIRECTORY LISTEN_FDS NOTIFY_SOCKET"},
    {id: "Node.js and npm", names: "NODE_ENV NODE_OPTIONS NODE_VERSION UV_THREADPOOL_SIZE INIT_CWD npm_config_cache npm_command"},
    {id: "compose", names: "HOSTNAME NATS_VERSION COMPOSE_PROJECT_NAME DVT_FILES DVT_ACCOUNTS DVT_USER YARN_VERSION"},
    {
      id: "Kubernetes",
      names: "KUBERNETES_SERVICE_HOST KUBERNETES_PORT NATS_PORT NATS_SERVICE_HOST MONGODB_PORT MONGODB_SERVICE_HOST",
    },
    {
      id: "StakeWise's software",
      names: "VAULT DATA_DIR RELAYER_ENDPOINT HASHI_VAULT_URL KEYSTORES_DIR VALIDATORS_MANAGER LOG_FORMAT",
    },
    {id: "proxies", names: "HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy SSL_CERT_FILE NODE_EXTRA_CA_CERTS"},
    {id: "every command of ours", names: [...knownNames].join(" ")},
  ])("is left alone where it is of $id", ({names}) => {
    expect(findMisspelt(names.split(" "), knownNames)).toEqual([]);
  });
});
