"""Reading one body in a process of its own. `process` is the parent's hold on such a process, `child` what runs
there, `wire` what the two say to each other, `confine` what the process may not do. `ingest.isolate` keeps a few."""
