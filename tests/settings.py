"""Settings of the tests: the application's own, in the environment of one test process."""

from tests.environment import prepare

prepare()

from backoffice.config.settings import *  # noqa: E402, F403
from backoffice.config.settings import STORAGES  # noqa: E402

# Every test signs somebody in; a hash meant to be slow would be most of the run.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Names without a digest: nobody collects static files for a test.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
