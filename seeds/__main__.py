"""`python -m seeds`: write the registers into the database of the settings; rerunnable."""

from core import database
from seeds.load import load


def main() -> None:
    """Load the shipped registers and print what changed."""
    with database.transaction() as session:
        counts = load(session)
    for name, change in (("banks", counts.banks), ("firms", counts.firms)):
        print(f"{name}: {change.added} added, {change.updated} updated, {change.aliases} names added")
    print(f"sources: {counts.sources} added, switched off")


if __name__ == "__main__":
    main()
