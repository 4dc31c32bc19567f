"""What people and programs ask: watchlists, channels and the history, under `/v1`.

`app` is the door; `deps` says who is asking and opens the transaction; `errors` turns every failure into a problem
document; `pagination` signs cursors; `frame` and `body` guard what comes in. Each folder of `resources/` is one
resource: `routes` (thin), `schemas` (what goes in and out), `store` (all of its SQL).
"""
