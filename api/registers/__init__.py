"""The operator's hand in the registers: names given and taken, rows changed and merged, each edit in a log.

The API, the dashboard and the terminal edit through `edit`; `checks` says what a bank or firm may not be called.
"""
