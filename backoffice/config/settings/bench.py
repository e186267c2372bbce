"""Settings of the benchmarks: the application with the bare floor beside it."""

from backoffice.config.settings import *  # noqa: F403

ROOT_URLCONF = "backoffice.config.bench.floor"
# The load comes from one address; what is measured is not the lock on logins.
AXES_ENABLED = False
