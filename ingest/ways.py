"""What a story needs of the world: the way out, the readers, transactions, and the hosts' wishes."""

from dataclasses import dataclass

from core.http import AsyncOutbound
from ingest.hosts import Hosts
from ingest.isolate import Readers
from ingest.keeper import Keeper


@dataclass(frozen=True, slots=True)
class Ways:
    """The shared things of one ingest process."""

    out: AsyncOutbound
    readers: Readers
    keeper: Keeper
    hosts: Hosts
