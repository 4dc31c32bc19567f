"""What every service stands on; it knows nothing of feeds, extraction rules or channels.

`settings` says how this process runs, `database` opens the one database, `models` are its tables,
`work` leases rows and sends messages after commit, `celery_app` carries the messages (ids only),
`http` is the only way out, `logging`, `metrics` and `clock` tell what happens and when.
"""
