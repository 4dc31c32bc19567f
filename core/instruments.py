"""The values that an event's instrument, status and amount qualifier may have, after the annotation guide."""

INSTRUMENTS = (
    "credit_line",
    "credit_loan",
    "working_capital_loan",
    "project_loan",
    "rd_loan",
    "ip_pledge_loan",
    "equity_pledge_loan",
    "receivables_loan",
    "mortgage_loan",
    "guaranteed_loan",
    "investment_linked_loan",
    "talent_loan",
    "tech_loan",
    "buyback_loan",
    "merger_loan",
    "syndicated_loan",
    "green_loan",
    "cross_border_loan",
    "loan",
    "letter_of_guarantee",
    "bill",
    "supply_chain_finance",
    "leasing",
    "bond",
    "equity_investment",
    "account_service",
    "advisory_service",
    "cooperation",
    "other",
)

STATUSES = ("planned", "agreed", "granted", "cooperation")

QUALIFIERS = ("exact", "about", "at_least", "at_most", "range")
