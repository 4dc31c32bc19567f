"""The demo: a feed of sample articles, a subscriber who watches, and proof that every alert arrived.

`command` is the door, `story` what happens, `expected` the judgement (pure); `feed`, `receiver` and `mailbox` stand
for the world outside: a news site, a subscriber's endpoint and a mail server, each on loopback.
"""
