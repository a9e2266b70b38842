"""The station's settings: no PostgreSQL, no accounts, loopback only.

Django's database isn't used; the store is a file of the station's own (`store.py`). Cookies have names
of their own, since the province's server may run on the same machine.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).parent.parent
ROOMS = ("base", "web", "enrolment", "kit")  # whose words a station says

HOABAN_PRODUCTION = os.environ.get("HOABAN_PRODUCTION", "0") in ("1", "yes", "true")
HOABAN_KIT_DEVICES = os.environ.get("HOABAN_KIT_DEVICES", "none" if HOABAN_PRODUCTION else "mock")
if HOABAN_KIT_DEVICES not in ("mock", "none"):
    raise ImproperlyConfigured(f"HOABAN_KIT_DEVICES must be mock or none, not {HOABAN_KIT_DEVICES!r}")
if HOABAN_PRODUCTION and HOABAN_KIT_DEVICES == "mock":
    raise ImproperlyConfigured("HOABAN_KIT_DEVICES must not be mock in production: a mock enrols nobody")

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(50)  # new at each start: after a restart the PIN is asked for again
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES: dict[str, dict[str, object]] = {}

INSTALLED_APPS = [
    "hoaban.web",
    "hoaban.kit",
    "django.contrib.contenttypes",  # these two only because sign-in redirects live in `auth`
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hoaban.kit.middleware.StationMiddleware",
]
ROOT_URLCONF = "hoaban.kit.urls"
LOGIN_URL = "kit:sign-in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / "kit" / "templates", PACKAGE / "web" / "templates" / "web" / "errors"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "hoaban.kit.middleware.frame",
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
COTTON_ISOLATE_BY_DEFAULT = True
FORM_RENDERER = "hoaban.web.forms.Renderer"

LANGUAGE_CODE = "vi"
LOCALE_PATHS = [PACKAGE / "locale" / room for room in ROOMS]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "kit_session"
SESSION_COOKIE_AGE = 30 * 60  # locked after half an hour without a touch
SESSION_SAVE_EVERY_REQUEST = True
CSRF_COOKIE_NAME = "kit_csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_MAX_MEMORY_SIZE = 20_000_000  # a portrait on its way never lies open on the disk
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
