#!/bin/sh
# Serves the product for the chat bench, in the foreground on 127.0.0.1:$PORT.
# Environment: PORT, DATABASE_URL, REDIS_URL (empty databases of the bench), BENCH_USERS, and
# optionally BENCH_RUN (where the credentials go) and SUPERAPP_VENV.
set -eu
cd "$(dirname "$0")/.."
python="${SUPERAPP_VENV:-.venv}/bin/python"
[ -x "$python" ] || { ./dev help >/dev/null; ./dev manage version >/dev/null; }
run="${BENCH_RUN:-/tmp/superapp-bench}"
export SUPERAPP_ENV=bench SUPERAPP_SANDBOX=0 SUPERAPP_LOG_LEVEL=WARNING
# The bench sends as fast as the server answers; the peers run without rate limits too.
export SUPERAPP_SEND_BURST=1000000000 SUPERAPP_SEND_PER_SECOND=1000000000
users="${BENCH_USERS:-200}"
"$python" manage.py migrate --verbosity 0
# 600 more people than the bench talks to: they are its idle connections.
"$python" manage.py bench_world --users $((users + 600)) --groups 4 --size 50 \
    > "$run/superapp-users.jsonl"
exec "$python" -m uvicorn superapp.asgi:application --host 127.0.0.1 --port "$PORT" \
    --log-level warning --no-access-log --lifespan off --backlog 4096 \
    --ws superapp.kernel.sockets:SocketProtocol --ws-per-message-deflate false --ws-max-size 65536
