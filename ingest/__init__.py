"""Where articles come in.

The story is `refresh`: a due source is fetched (`fetch`), its body is read by one of the `formats`, cleaned (`clean`)
and made into drafts (`draft`), what is known already is left out, the rest is kept (`store`) and announced to the
extractor. What could not be fetched, read or kept stands in the source's errors. `push` is the same for articles that
people bring. What a source only points to is a link, whose story is `follow`. `python -m ingest` is the process that
looks after the sources: `poll` claims what is due, politely by host (`hosts`), the `keeper` carries out transactions,
and what became of each job goes into the `ledger`.
"""
