"""Grants of any kind, for figures that are held against a naive count."""

from hypothesis import strategies as st

TOLD = st.sampled_from([None, "2025", "2025-H1", "2025-Q4", "2025-12-31", "2026-01", "2026-01-31", "2026-02-01"])
SUMS = st.one_of(
    st.just((None, None, None)),
    st.tuples(st.integers(1, 9), st.integers(10, 19), st.sampled_from(("CNY", "USD"))),
    st.tuples(st.integers(1, 9), st.none(), st.just("CNY")),
    st.tuples(st.none(), st.integers(1, 9), st.sampled_from(("CNY", "USD"))),
)
GRANT = st.fixed_dictionaries(
    {
        "banks": st.sets(st.integers(0, 2), min_size=1),
        "firm": st.sampled_from((0, 1, None)),
        "sum": SUMS,
        "told": TOLD,
        "instrument": st.sampled_from(("loan", "bond", "cooperation")),
        "status": st.sampled_from(("granted", "agreed", "planned", "cooperation")),
        "tech": st.booleans(),
        "sector": st.sampled_from(("ai", "steel", None)),
    }
)
