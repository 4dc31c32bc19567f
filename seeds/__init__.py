"""What a new installation starts with: the registers of banks and firms, a list of feeds, and sample articles.

`data/` holds it all as files for people to read and mend (data/README.md tells their sources); `registers` reads them
and names the line of a mistake; `load` writes them into the database, at every start and without touching what the
operator edited; `samples` dates the demo's articles relative to today and serves them as RSS. `make_firms` made the
register of firms and can make it anew.
"""
