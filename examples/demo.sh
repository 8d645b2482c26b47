#!/usr/bin/env bash
# What `make demo` runs: index the example articles, then ask three questions of them.
#
#   BIN   folder of the footnote command   (default: .venv/bin)
#   DATA  folder for the index             (default: build/demo)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
BIN=${BIN:-.venv/bin}
DATA=${DATA:-build/demo}

# Print a command line that can be copied, then run it.
run() {
    printf '\n$ %s' "$1"
    for word in "${@:2}"; do
        if [[ $word =~ [^A-Za-z0-9_./=-] ]]; then printf ' "%s"' "$word"; else printf ' %s' "$word"; fi
    done
    printf '\n\n'
    "$@"
}

echo "Sixteen articles of three outlets about a ferry that ran aground (all invented)."
run "$BIN/footnote" rebuild examples/articles --data "$DATA"

printf '\n%s\n' "1. A question that one sentence answers."
run "$BIN/footnote" ask "How much will the Port Maren tidal barrier cost?" --data "$DATA"

printf '\n%s\n' "2. A question on which the reports disagree."
run "$BIN/footnote" ask "Who ordered the closing of the Osk channel after the grounding?" --data "$DATA"

printf '\n%s\n' "3. A question that the articles do not answer."
run "$BIN/footnote" ask "How much has Skerran Lines paid in fines for the grounding?" --data "$DATA"

printf '\n%s\n' "More to ask: examples/README.md. Your own articles: README.md."
