"""Settings of the running application, read from the environment (table: docs/operators.md)."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from backoffice.config.settings.database import application_database
from backoffice.config.settings.logs import logging_config

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[3]
VAR = Path(env.str("VAR_ROOT", default=str(BASE_DIR / "var")))

DEMO = env.bool("LAUFMAPPE_DEMO", default=False)
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
# Keys the journal's chain. It must never lie in the database that the journal proves.
JOURNAL_KEY = env.str("JOURNAL_KEY", default="").encode()
# Turns bPK2 pseudonyms into keyed hashes; changing it unlinks every known applicant.
IDENTITY_KEY = env.str("IDENTITY_KEY", default="").encode()
# The Ed25519 keys that sign receipts: efile.kernel.signing.
SIGNING_KEYS = Path(env.str("SIGNING_KEYS", default=str(VAR / "signing-keys.json")))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")

DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASE_APP_ROLE = env.str("DATABASE_APP_ROLE", default="laufmappe_app")
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=4)
DATABASES = {
    "default": application_database(
        DATABASE_URL, VAR, role=DATABASE_APP_ROLE, pool_size=DATABASE_POOL_SIZE
    )
}
BROKER_URL = env.str("BROKER_URL", default="")
STORAGE_ROOT = Path(env.str("STORAGE_ROOT", default=str(VAR / "storage")))
# Rendered pages: may lie on a disk of each host's own, and may be deleted at any time.
VIEWS_ROOT = Path(env.str("VIEWS_ROOT", default=str(VAR / "views")))
VIEWS_MAX_BYTES = env.int("VIEWS_MAX_BYTES", default=1024 * 1024 * 1024)
DEMO_CLOCK_FILE = VAR / "demo-clock.json"

REGISTERS_URL = env.str("REGISTERS_URL", default="")
REGISTERS_TIMEOUT = env.float("REGISTERS_TIMEOUT", default=3.0)

APPOINTMENTS_URL = env.str("APPOINTMENTS_URL", default="")
APPOINTMENTS_TIMEOUT = env.float("APPOINTMENTS_TIMEOUT", default=5.0)

# XBezahldienste 1.0.0. Where people come back to from it; what they bring along proves nothing.
PAYMENT_URL = env.str("PAYMENT_URL", default="")
PAYMENT_ORIGINATOR = env.str("PAYMENT_ORIGINATOR", default="")
PAYMENT_ENDPOINT = env.str("PAYMENT_ENDPOINT", default="")
PAYMENT_TOKEN = env.str("PAYMENT_TOKEN", default="")
PAYMENT_TIMEOUT = env.float("PAYMENT_TIMEOUT", default=10.0)
PAYMENT_RETURN_URL = env.str("PAYMENT_RETURN_URL", default=PUBLIC_URL)

# Portals' callbacks: how long a call may take, and inner networks that may be called at all.
CALLBACK_TIMEOUT = env.float("CALLBACK_TIMEOUT", default=10.0)
CALLBACK_ALLOWED_NETWORKS = env.list(
    "CALLBACK_ALLOWED_NETWORKS", default=["127.0.0.0/8"] if DEMO else []
)

# FIT-Connect: our destination at the federal delivery service. All empty: off.
FITCONNECT_TOKEN_URL = env.str("FITCONNECT_TOKEN_URL", default="")
FITCONNECT_API_URL = env.str("FITCONNECT_API_URL", default="")
FITCONNECT_ISSUER = env.str("FITCONNECT_ISSUER", default="")
FITCONNECT_CLIENT_ID = env.str("FITCONNECT_CLIENT_ID", default="")
FITCONNECT_CLIENT_SECRET = env.str("FITCONNECT_CLIENT_SECRET", default="")
FITCONNECT_DESTINATION = env.str("FITCONNECT_DESTINATION", default="")
FITCONNECT_KEYS = env.str("FITCONNECT_KEYS", default="")
FITCONNECT_TENANT = env.str("FITCONNECT_TENANT", default="")
FITCONNECT_CALLBACK_SECRET = env.str("FITCONNECT_CALLBACK_SECRET", default="")
FITCONNECT_TIMEOUT = env.float("FITCONNECT_TIMEOUT", default=30.0)
FITCONNECT_DATA_MAX_BYTES = env.int("FITCONNECT_DATA_MAX_BYTES", default=16 * 1024 * 1024)
FITCONNECT_ATTACHMENT_MAX_BYTES = env.int(
    "FITCONNECT_ATTACHMENT_MAX_BYTES", default=1024 * 1024 * 1024
)
# The federal account's destination, and what signs messages to its mailboxes (PEM files).
FITCONNECT_BUNDID_DESTINATION = env.str("FITCONNECT_BUNDID_DESTINATION", default="")
FITCONNECT_BUNDID_KEY = env.str("FITCONNECT_BUNDID_KEY", default="")
FITCONNECT_BUNDID_CERTIFICATE = env.str("FITCONNECT_BUNDID_CERTIFICATE", default="")

# How long what leaves the house can be taken back; 0: not at all, it goes out at once.
RECALL_SECONDS = env.int("RECALL_SECONDS", default=60)

# Calls per minute: of one client, unless it has a limit of its own; of one address that fetches
# tokens or shows none that we gave.
RATE_LIMIT_PER_MINUTE = env.int("RATE_LIMIT_PER_MINUTE", default=30_000)
STRANGER_LIMIT_PER_MINUTE = env.int("STRANGER_LIMIT_PER_MINUTE", default=600)
# How often each process writes the figures of the clients; 0: only when it ends.
FIGURES_SECONDS = env.float("FIGURES_SECONDS", default=5.0)

# Open311 (GeoReport v2): whose reports are taken and shown, by the tenant's key; empty: it is off.
OPEN311_TENANT = env.str("OPEN311_TENANT", default="")
# Calls per minute of one program with a key, and of one address without.
OPEN311_LIMIT_PER_MINUTE = env.int("OPEN311_LIMIT_PER_MINUTE", default=300)

UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=50 * 1024 * 1024)
RESUMABLE_MAX_BYTES = env.int("RESUMABLE_MAX_BYTES", default=4 * 1024 * 1024 * 1024)
UPLOAD_LIFETIME_HOURS = env.int("UPLOAD_LIFETIME_HOURS", default=24)
ENVELOPE_MAX_BYTES = env.int("ENVELOPE_MAX_BYTES", default=1024 * 1024)
# ClamAV's daemon (tcp://host:port, unix:/path), and how long a sender waits for its verdict.
CLAMD_URL = env.str("CLAMD_URL", default="")
CLAMD_TIMEOUT = env.float("CLAMD_TIMEOUT", default=20.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = ENVELOPE_MAX_BYTES

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "oauth2_provider",
    "axes",
    "csp",
    "django_htmx",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "efile.kernel",
    "efile",
    "workflows",
    "search",
    "api",
    "backoffice.pages",
    "backoffice.demo",
    "backoffice.config",
]

MIDDLEWARE = [
    "backoffice.config.requests.SoundLengthMiddleware",
    "backoffice.config.requests.CorrelationMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backoffice.pages.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backoffice.pages.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "backoffice.config.urls"
WSGI_APPLICATION = "backoffice.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "worklist"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = 0.25  # hours
# A name alone would let anyone lock a colleague out, an address alone a whole town hall.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "backoffice.pages.session.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 10 * 60 * 60
# Notices name people: they end with the session, and do not stay in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "backoffice.pages.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.auth.PortalAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.auth.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.EnvelopeParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "api.PortalClient"
OAUTH2_PROVIDER = {
    "SCOPES": {
        "submit": "Submit applications, upload files and ask for free slots",
        "read": "Read the state, the documents and the events of one's own submissions",
        "answer": "Answer questions, write messages and withdraw",
        "cases": "List the cases of the person who is signed in",
        "offers": "See and accept what is offered for what registers reported",
        "occasions": "Report moves, births and new businesses, as a register",
    },
    "ACCESS_TOKEN_EXPIRE_SECONDS": env.int("TOKEN_SECONDS", default=3600),
    # RFC 9700: tokens lie hashed in the database, nothing but client credentials is offered.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Laufmappe portal API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

# What else happens when something happened: backoffice.config.wiring.
WIRING = "backoffice.config.wiring"

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "backoffice" / "pages" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING_CONFIG = None
logging_config(level=env.str("LOG_LEVEL", default="INFO"))

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
