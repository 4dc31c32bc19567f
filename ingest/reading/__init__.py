"""Reading one body in a process of its own; `ingest.isolate` keeps a few of them.

`process` is the parent's hold on such a process, `child` what runs there, `wire` what the two say to each other,
`confine` and `fence` what the process may not do.
"""
