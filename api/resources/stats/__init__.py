"""Statistics: how many events and how much money, by time, bank, sector, region, instrument and status.

`facts` says which events count, `store` asks the database, `fold` makes figures of what it answers, `money` converts.
docs/api.md ("Statistics") tells the rules.
"""

from api.resources.stats.routes import router

__all__ = ["router"]
