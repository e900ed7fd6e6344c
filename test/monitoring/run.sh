#!/usr/bin/env bash
# Checks Prometheus' files in docker/monitoring with promtool, and tests that each alert fires when it should and only then.
set -euo pipefail
cd "$(dirname "$0")/../.."

cache="${XDG_CACHE_HOME:-$HOME/.cache}/dvt-exits/promtool"

# A promtool: on the PATH, installed here earlier, or Debian's package unpacked into the cache.
find_promtool() {
  local unpacked
  if command -v promtool; then return; fi
  if [ -x "$cache/promtool" ]; then echo "$cache/promtool"; return; fi
  mkdir -p "$cache"
  if command -v apt-get > /dev/null && command -v dpkg > /dev/null; then
    unpacked=$(mktemp -d "$cache/deb.XXXXXX")
    echo "• getting promtool from Debian's package prometheus (once)" >&2
    if (cd "$unpacked" && apt-get -qq download prometheus && dpkg -x prometheus_*.deb .) >&2; then
      mv "$unpacked/usr/bin/promtool" "$cache/promtool"
    fi
    rm -rf "$unpacked"
    if [ -x "$cache/promtool" ]; then echo "$cache/promtool"; return; fi
  fi
  echo "promtool is missing. Install Prometheus: https://prometheus.io/download, or in Debian: sudo apt-get install prometheus" >&2
  return 1
}

promtool=$(find_promtool)
echo "• $promtool" >&2
"$promtool" check config docker/monitoring/prometheus/prometheus.yml
"$promtool" check rules --lint-fatal docker/monitoring/prometheus/rules.yml
"$promtool" test rules test/monitoring/rules.test.yml
