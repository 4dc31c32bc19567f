"""Tells the right people once, with the sentence that proves it.

    notice ──match──> deliveries (one for each channel that asked) ──deliver──> attempts ──> done, or due again later

`match` compares one event with the watch items and is pure but for the rows it reads through `store`; `deliver` is
one attempt from loading to recording; `retry` decides from an outcome alone when to try again; `channels/` is the
catalogue of places to send to. Every delivery is a row with a frozen body, every attempt a row of the log.
"""
