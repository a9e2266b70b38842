#!/bin/sh
# Installs the locked environment into the folder named by the first word. Needs Python 3.11 or later
# with pip and venv, and a package index reached by the ordinary clients; nothing else.
set -eu
venv=$1
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or later is needed; set PYTHON=/path/to/python3.11" >&2
    exit 1
}
if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    tools="$venv-tools"
    [ -x "$tools/bin/uv" ] || { "$python" -m venv "$tools" && "$tools/bin/pip" install --quiet uv; }
    uv="$tools/bin/uv"
fi
[ -x "$venv/bin/python" ] || "$uv" venv --quiet --python "$python" "$venv"
"$uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes --requirement requirements.lock
"$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
if ! command -v chromium >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing Chromium for the page tests"
        (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium) >/dev/null 2>&1 ||
            echo "!! Chromium couldn't be installed: page tests and flows will fail. Install it by hand." >&2
    else
        echo "!! Chromium isn't here and can't be installed without root: page tests and flows will fail." >&2
    fi
fi
# An OpenID client that isn't ours, for one test: exact versions, no lock file, nothing run while installing.
if ! command -v npm >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing node for the test with an OpenID client"
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm) >/dev/null 2>&1 || true
fi
mkdir -p "$venv/openid"
cp "$(dirname "$0")/../tests/eid/openid/package.json" "$venv/openid/package.json"
(cd "$venv/openid" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error) >/dev/null ||
    echo "!! npm or its packages aren't here: the test with an OpenID client will fail (HOABAN_NO_NODE=1 skips it)." >&2
