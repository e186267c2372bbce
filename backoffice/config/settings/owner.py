"""Settings for migrations: the owner of the schema instead of the application's role."""

from backoffice.config.settings import *  # noqa: F403
from backoffice.config.settings import DATABASE_URL, VAR, env
from backoffice.config.settings.database import owner_database

DATABASES = {
    "default": owner_database(env.str("DATABASE_OWNER_URL", default="") or DATABASE_URL, VAR)
}
