#!/usr/bin/env bash
# Checks Prometheus' files in docker/monitoring with promtool, and tests that each alert fires when it should and only then.
set -euo pipefail
cd "$(dirname "$0")/../.."

go_version=v0.313.5
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dvt-exits/promtool"

# A promtool: on the PATH, installed here earlier, Debian's package unpacked into the cache, or built from source.
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
  if command -v go > /dev/null; then
    echo "• building promtool $go_version with go (once, several minutes)" >&2
    if GOBIN="$cache" GOFLAGS= go install "github.com/prometheus/prometheus/cmd/promtool@$go_version" >&2; then
      echo "$cache/promtool"
      return
    fi
  fi
  echo "promtool is missing. Install Prometheus (Debian: sudo apt-get install prometheus), or Go and run this again." >&2
  return 1
}

promtool=$(find_promtool)
echo "• $promtool" >&2
"$promtool" check config docker/monitoring/prometheus/prometheus.yml
"$promtool" check rules --lint-fatal docker/monitoring/prometheus/rules.yml
"$promtool" test rules test/monitoring/rules.test.yml
