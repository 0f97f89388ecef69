#!/usr/bin/env bash
# Speak with what is live in this checkout, on loopback and without keys: to try a voice.
# Usage: speech_server/start.sh [PORT]      then open http://127.0.0.1:PORT/
set -euo pipefail
cd "$(dirname "$0")/.."
exec "${PYTHON:-.venv/bin/python}" -c 'from flows.cli.app import main; main()' \
  serve --host 127.0.0.1 --port "${1:-8080}" --anonymous
