"""The Celery app, set against its known traps (docs/architecture.md tells each).

JSON only; a message is acknowledged after the work and redelivered when the worker is lost, the number of tries
being counted on the row (core/work.py), never on the message; one message is fetched at a time; nothing ever waits
in an ETA or countdown, so that the visibility timeout (Redis gives an unacknowledged message again after it) need
only exceed the longest task.
"""

from typing import Any

from celery import Celery, signals
from kombu.entity import Queue

from core import database, garbage, heartbeat, logging
from core.settings import settings

LONGEST_TASK = 600
VISIBILITY_TIMEOUT = 3600
assert VISIBILITY_TIMEOUT > LONGEST_TASK

_transport = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "socket_timeout": 30,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 10,
}

app = Celery("yinqi", broker=settings().broker_url or "redis://127.0.0.1:6379/0")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=LONGEST_TASK,
    task_soft_time_limit=LONGEST_TASK - 30,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=20,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    broker_transport="core.transport:Transport",
    broker_transport_options=_transport,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    visibility_timeout=VISIBILITY_TIMEOUT,
    task_default_queue="default",
    task_queues=[Queue("extractor"), Queue("alerts")],
    task_routes={"extractor.*": {"queue": "extractor"}, "alerts.*": {"queue": "alerts"}},
    imports=(),
    enable_utc=True,
)
app.steps["worker"].add(heartbeat.celery_step())


@signals.setup_logging.connect
def _own_logging(**_: Any) -> None:
    logging.configure()


@signals.worker_process_init.connect
def _own_connections(**_: Any) -> None:
    garbage.look_seldom(garbage.OF_AN_ARTICLE)
    database.serve_hints()
    database.forget()


@signals.task_postrun.connect
def _tidy(**_: Any) -> None:
    garbage.look_between()
