"""Clears away as the periodic jobs do, two days from now: ``python -m tests.drills.collecting``."""

from datetime import timedelta

import django


def main() -> None:
    """Collect until nothing is left to collect."""
    from efile.kernel.clock import real_now
    from efile.upkeep import collect_bytes, collect_orphans, collect_uploads

    at = real_now() + timedelta(days=2)
    while collect_uploads(at=at):
        pass
    while collect_bytes(at=at):
        pass
    collect_orphans(at=at, everywhere=True)


if __name__ == "__main__":
    django.setup()
    main()
