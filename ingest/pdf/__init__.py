"""A PDF into stories: characters and what is drawn -> lines -> blocks -> headlines, texts, the rest -> stories.

`read.py` tells the whole; `page.py` one newspaper page; `report.py` a document of one column. `marks.py` has the words.
"""
