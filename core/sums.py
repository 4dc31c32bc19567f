"""Sums of money: how large one can be."""

BEYOND = 10**15
"""No grant is told of as much, in units of any currency: all loans of China's banks were 2.6e14 yuan at the end of 2024
(the People's Bank of China's report on financial statistics of that year). What is larger was mistyped, or made up to
break what reads it; below it each sum is exact as a JSON number (2**53)."""
