"""The event loop on which this process sends, in a thread of its own.

Sending waits for others nearly all of the time, so that one thread holds hundreds of conversations at once. The loop
begins with the first that is sent; a forked child has one of its own.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")
_THREADS = 32  # for channels whose library cannot but wait (asyncio.to_thread)


@lru_cache
def loop() -> asyncio.AbstractEventLoop:
    """This process's loop, running."""
    made = uvloop.new_event_loop()
    made.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="send"))
    threading.Thread(target=made.run_forever, daemon=True, name="send").start()
    return made


def begin(work: Coroutine[Any, Any, T]) -> "Future[T]":
    """Have `work` done on the loop; its future is for other threads."""
    return asyncio.run_coroutine_threadsafe(work, loop())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do `work` on the loop and wait for what it returns."""
    return begin(work).result()


os.register_at_fork(after_in_child=loop.cache_clear)
