"""Every setting, in one file. Each knob is an environment variable `HOABAN_*`, read once and typed.

`docs/settings.md` lists them. A production start (`HOABAN_PRODUCTION=1`) refuses unsafe values.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from hoaban.base.postgres import APP, OWNER, Embedded, state_folder

PACKAGE = Path(__file__).parent.parent


def text(name: str, default: str = "") -> str:
    """A setting that is text."""
    return os.environ.get(name, default)


def yes(name: str, default: bool = False) -> bool:
    """A setting that is yes or no: 1/0, yes/no, true/false."""
    value = os.environ.get(name, "1" if default else "0").lower()
    if value in ("1", "yes", "true"):
        return True
    if value in ("0", "no", "false", ""):
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


HOABAN_PRODUCTION = yes("HOABAN_PRODUCTION")
HOABAN_HOME = state_folder()
HOABAN_FILES = HOABAN_HOME / "files"  # form images, packets, cards
HOABAN_KEYS = HOABAN_HOME / "keys"
HOABAN_PORT = int(text("HOABAN_PORT", "8600"))
HOABAN_HOST = text("HOABAN_HOST", "localhost")
HOABAN_BASE_URL = text("HOABAN_BASE_URL", f"http://{HOABAN_HOST}:{HOABAN_PORT}")
HOABAN_SYNTHETIC = yes("HOABAN_SYNTHETIC", not HOABAN_PRODUCTION)  # forms of synthetic people are taken
HOABAN_MOCK_DEVICES = yes("HOABAN_MOCK_DEVICES", not HOABAN_PRODUCTION)  # packets of mock devices are taken
HOABAN_SECOND_FACTOR = yes("HOABAN_SECOND_FACTOR", True)  # officers need one before they work
HOABAN_BACKUP_TO = text("HOABAN_BACKUP_TO").replace(",", " ").split()  # public keys for which backups are sealed
# Proxies of ours: only what they say of a client's address goes into the audit
HOABAN_PROXIES = frozenset(text("HOABAN_PROXIES", "127.0.0.1 ::1" if HOABAN_PRODUCTION else "").split())
HOABAN_EMBEDDED_DATABASE = yes("HOABAN_EMBEDDED_DATABASE", not HOABAN_PRODUCTION)

DEBUG = yes("HOABAN_DEBUG")


def _secret_key() -> str:
    given = text("HOABAN_SECRET_KEY")
    if given or HOABAN_PRODUCTION:
        return given
    kept = HOABAN_KEYS / "django.secret"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_urlsafe(50))
        kept.chmod(0o600)
    return kept.read_text()


SECRET_KEY = _secret_key()


def unsafe_for_production() -> list[str]:
    """What a production start refuses, in words; empty when it may start."""
    faults = []
    if DEBUG:
        faults.append("HOABAN_DEBUG must be off")
    if len(SECRET_KEY) < 40:
        faults.append("HOABAN_SECRET_KEY must be set, with 40 characters or more")
    if not text("DATABASE_URL") and not yes("HOABAN_EMBEDDED_DATABASE"):
        faults.append("DATABASE_URL must name a server, or HOABAN_EMBEDDED_DATABASE=1 say yes to ours")
    if HOABAN_MOCK_DEVICES:
        faults.append("HOABAN_MOCK_DEVICES must be off: a mock device enrols nobody")
    if HOABAN_SYNTHETIC:
        faults.append("HOABAN_SYNTHETIC must be off: synthetic people don't belong in a register")
    if not HOABAN_SECOND_FACTOR:
        faults.append("HOABAN_SECOND_FACTOR must be on")
    if not HOABAN_BASE_URL.startswith("https://"):
        faults.append("HOABAN_BASE_URL must begin with https://")
    return faults


if HOABAN_PRODUCTION and unsafe_for_production():
    raise ImproperlyConfigured("refused to start in production: " + "; ".join(unsafe_for_production()))

# --- database ---------------------------------------------------------------------------------------


def _database(url: str, role: str = "") -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, object] = {"prepare_threshold": 1}
    if role:
        options["options"] = f"-c role={role}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


EMBEDDED = Embedded(HOABAN_HOME)


def _databases() -> dict[str, dict[str, Any]]:
    """`default` is bound by row security; `owner` migrates."""
    app_url, owner_url = text("DATABASE_URL"), text("HOABAN_OWNER_DATABASE_URL")
    name = text("HOABAN_DATABASE", "hoaban")
    if not app_url:
        if not (HOABAN_HOME / "postgres.secret").exists():
            return {"default": _database("postgresql:///none"), "owner": _database("postgresql:///none")}
        return {
            "default": _database(EMBEDDED.url(APP, name)),
            "owner": _database(EMBEDDED.url(OWNER, name)),
        }
    if not owner_url:  # one login for both: the app steps down to the bound role on every connection
        return {"default": _database(app_url, role=APP), "owner": _database(app_url)}
    return {"default": _database(app_url), "owner": _database(owner_url)}


DATABASES = _databases()
DATABASE_ROUTERS: list[str] = []

# --- rooms ------------------------------------------------------------------------------------------

CONTEXTS = [
    "web", "audit", "places", "officers", "people", "linkage", "oversight", "visits", "intake",
    "verification", "enrolment", "matching", "cards", "exchange", "eid", "services", "campaign",
    "outreach", "steering", "rehearsal",
]  # fmt: skip

INSTALLED_APPS = [
    *(f"hoaban.{name}" for name in CONTEXTS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_cotton",
    "django.contrib.humanize",  # the list of security keys of allauth uses it
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hoaban.site.middleware.CompressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hoaban.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hoaban.site.middleware.ActorMiddleware",
]

ROOT_URLCONF = "hoaban.site.urls"
WSGI_APPLICATION = "hoaban.site.wsgi.application"
AUTH_USER_MODEL = "officers.Officer"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/viec"
LOGOUT_REDIRECT_URL = "/"
CITIZEN_LOGIN_URL = "eid:sign-in"
CITIZEN_LOGIN_REDIRECT_URL = "/toi"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "hoaban.site.adapters.OfficersOnlyAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HOABAN_PRODUCTION else 0  # the proxy says from where somebody signs in
if HOABAN_PRODUCTION:  # tries at sign-in are counted over all web processes
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": HOABAN_HOME / "cache",
        }
    }
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HOABAN_PRODUCTION
MFA_TOTP_ISSUER = "Hoa Ban"
MFA_FORMS = {"add_webauthn": "hoaban.officers.forms.PasskeyForm"}
MFA_TOTP_TOLERANCE = 1  # the code before and after are good too: telephones' clocks drift, hands are slow

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / "site" / "templates", PACKAGE / "web" / "templates" / "web" / "errors"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "hoaban.site.navigation.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "hoaban.web.templatetags.shown",
            ],
        },
    }
]
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it is given, not the names of the page
FORM_RENDERER = "hoaban.web.forms.Renderer"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = sorted(path for path in (PACKAGE / "locale").glob("*") if path.is_dir())
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 86400
MEDIA_ROOT = HOABAN_FILES
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

# --- safety -----------------------------------------------------------------------------------------

_PRODUCTION_HOSTS = [urlsplit(HOABAN_BASE_URL).hostname or ""]
ALLOWED_HOSTS = _PRODUCTION_HOSTS if HOABAN_PRODUCTION else ["localhost", "127.0.0.1", "testserver"]
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HOABAN_PRODUCTION
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOABAN_PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if HOABAN_PRODUCTION else 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": text("HOABAN_LOG_LEVEL", "WARNING")},
}
