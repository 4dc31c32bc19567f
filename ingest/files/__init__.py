"""Articles from files: archives that are backfilled, folders that are watched.

`walk` finds the files, `read` gives their articles piece by piece, `store` knows which files were read and how far.
`backfill` is the story of an archive, `folder` that of a watched folder.
"""
