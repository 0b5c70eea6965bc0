"""gunicorn: pages and the API in production. Sockets are served by uvicorn beside it."""

import os
import tempfile
from typing import Any

bind = "0.0.0.0:8000"  # inside a container: nginx is the only neighbour that asks
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# A request that takes longer than this has lost; nginx gives up at the same time.
timeout = 30
# On SIGTERM requests under way may finish; new ones go to the process that took over.
graceful_timeout = 20
# nginx keeps connections open; they must not end here first.
keepalive = 75
# Memory that leaked or fragmented goes back to the system now and then, not at the same moment.
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat file of a worker must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# X-Forwarded-Proto and -For are set by nginx, whatever the client sent.
forwarded_allow_ips = "*"

# Metrics of all workers are added up in files: whichever worker is asked speaks for all of them.
# Set before anything imports prometheus_client, which reads it once.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="superapp-metrics-")


def child_exit(server: Any, worker: Any) -> None:
    """A worker that is gone has nothing open any more."""
    from prometheus_client import multiprocess  # noqa: PLC0415 - reads the variable set above

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
