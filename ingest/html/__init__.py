"""Web pages: a tree that hostile bytes cannot make expensive, and what Chinese sites put around an article.

`tree` parses, `challenge` tells pages that want a browser, `facts` finds title, time, author and source, `article` the
text (by trafilatura), `furniture` what must not stand in it; `links` and `dates` find the links of a list page.
"""
