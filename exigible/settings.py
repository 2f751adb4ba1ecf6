"""All settings, read from the environment; there are no development and production variants."""

import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

env = environ.Env()

PACKAGE = Path(__file__).resolve().parent
HOME = Path(env.str("EXIGIBLE_HOME", default="var")).resolve()


def _secret_key() -> Any:
    """Return the installation's secret: from the environment, else a file made once, readable by its owner only."""
    if given := env.str("EXIGIBLE_SECRET_KEY", default=""):
        return given
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = False
BASE_URL = env.str("EXIGIBLE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("EXIGIBLE_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "template_partials",
    "django_htmx",
    "csp",
    "exigible.common",
    "exigible.books.journal",
    "exigible.books.creditors",
    "exigible.books.policies",
    "exigible.books.ledger",
    "exigible.books.cases",
    "exigible.books.documents",
    "exigible.features.analysis",
    "exigible.features.outbox",
    "exigible.features.messages",
    "exigible.features.customers",
    "exigible.features.bank",
    "exigible.features.promises",
    "exigible.features.claims",
    "exigible.features.dunning",
    "exigible.features.insolvency",
    "exigible.features.imports",
    "exigible.features.policies",
    "exigible.features.statuses",
    "exigible.features.worklist",
    "exigible.entrypoints.staff",
    "exigible.entrypoints.api",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "exigible.entrypoints.staff.middleware.TenantMiddleware",
    "exigible.common.http.RefusedMiddleware",
]

ROOT_URLCONF = "exigible.urls"
WSGI_APPLICATION = "exigible.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "exigible.entrypoints.staff.menu.page_context",
            ],
        },
    }
]

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456",
}


def _database() -> Any:
    """Return PostgreSQL when DATABASE_URL names one, else the embedded database below EXIGIBLE_HOME."""
    if env.str("DATABASE_URL", default=""):
        database = env.db("DATABASE_URL")
        if "postgresql" in database["ENGINE"]:
            database["CONN_MAX_AGE"] = 60
            return database
    else:
        HOME.mkdir(parents=True, exist_ok=True)
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(HOME / "exigible.sqlite3")}
    database["OPTIONS"] = SQLITE_OPTIONS
    return database


DATABASES = {"default": _database()}
ON_POSTGRESQL = "postgresql" in str(DATABASES["default"]["ENGINE"])
if ON_POSTGRESQL:
    INSTALLED_APPS.append("procrastinate.contrib.django")
    PROCRASTINATE_ON_APP_READY = "exigible.entrypoints.engine.postgresql.register"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "creditors.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "exigible.entrypoints.staff.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

INBOX = Path(env.str("EXIGIBLE_INBOX", default=str(HOME / "inbox"))).resolve()  # one watched folder a company
REGISTER_URL = env.str(
    "EXIGIBLE_REGISTER_URL", default=""
)  # where the company register answers; empty: it is not asked
PUBLIC_ANALYSIS = env.bool("EXIGIBLE_PUBLIC_ANALYSIS", default=False)  # the claim analysis, open to anybody who asks

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "exigible.common.storage.StaticFiles"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "exigible.common.logs.WithoutWords",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("EXIGIBLE_LOG", default="WARNING")},
}
