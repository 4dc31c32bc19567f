"""What the performance figures are measured with: `python -m bench [extraction|chain|latency|memory]`.

Each module measures one thing beside a yardstick, in one run and taking turns, because the machine's own speed says
nothing: the ratios count. `texts` makes the articles, `stack` runs the real `yinqi up` in a folder of its own, `bare`
is the bare Celery chain, `receiver` the webhook's other end, `report` prints. Nothing here is a test: no time is
asserted anywhere.
"""
