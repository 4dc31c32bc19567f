"""Keeping and forgetting: what of each kind of row is over its time goes, a batch at a time.

`KINDS` says what there is, for how long it is kept (`YINQI_KEEP_…`, docs/operations.md) and how it goes. How far each
is stands in the table `retention`, so that any number of schedulers share the work, and one that is killed loses
nothing. An article's text goes alone: the article, its quotes and its events stay.
"""

from core.retention.duty import OPEN, let_go
from core.retention.kinds import KINDS

__all__ = ["KINDS", "OPEN", "let_go"]
