"""The dashboard at `/`: pages for people, made on the server, which work without JavaScript and come alive with it.

`pages/` is the catalogue, one page a file; `route` guards what every page is asked and answers; `deps` says who looks;
`rendering` puts a template, the words of a language (`wording`, `words/`) and the forms of its figures (`formats`,
`values`) together; `assets` serves what is in `static/`; `sessions` and `csrf` are the sign-in; `door` hangs it all
into the application. docs/dashboard.md tells how a page is added.
"""
