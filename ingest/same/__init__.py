"""What is the same as what: reprints, corrections, and articles that only look alike.

`sketch` tells by which few hashes an article is found again, whatever stands around it; `store` finds those that share
one, a few whatever the number of articles; `judge` says exactly whether the new one tells anything of its own (`fold`
makes texts comparable, `furniture` takes away what stands around them, `headline` looks at what a headline brings).
`revise` is about another text at a known address. `catch_up` sketches the articles of older versions.
"""
