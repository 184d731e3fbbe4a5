"""Django's settings; what differs from place to place comes from `hq.environment`."""

from __future__ import annotations

from pathlib import Path

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hq import environment

_HERE = Path(__file__).resolve().parent
ENVIRONMENT = environment.read()

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "hq.urls"
DATABASES: dict[str, dict[str, object]] = (
    {"default": environment.database(ENVIRONMENT.database_url, ENVIRONMENT.share.connections)}
    if ENVIRONMENT.database_url
    else {}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "hq.protocol",
    "hq.stores",
    "hq.staff",
    "hq.devices",
    "hq.rights",
    "hq.audit",
    "hq.two_factor",
    "hq.files",
    "hq.members",
    "hq.catalogue",
    "hq.orders",
    "hq.days",
    "hq.talks",
    "hq.quotations",
    "hq.service",
    "hq.message_templates",
    "hq.promotions",
    "hq.promoting",
    "hq.levelling",
    "hq.materials",
    "hq.library",
    "hq.outcomes",
    "hq.tallies",
    "hq.policies",
    "hq.tags",
    "hq.leases",
    "hq.payments",
    "hq.privacy",
    "hq.joining",
    "hq.points",
    "hq.cards",
    "hq.join_form",
    "hq.radar",
    "hq.history",
    "hq.load",
    "hq.console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hq.console.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hq.rights.gate.Gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hq.console.middleware.limit_guessing",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Signing in: operators are Django's users, their passwords argon2id
AUTHENTICATION_BACKENDS = ["hq.rights.backend.TableBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("admin:login")
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "guide_hq_session"
CSRF_COOKIE_NAME = "guide_hq_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url] if ENVIRONMENT.https else []
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Language and time
LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "guide_hq_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [_HERE / "locale"]
FORMAT_MODULE_PATH = ["hq.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"links": {"()": "hq.join_form.logs.WithoutLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

UNFOLD = {
    "SITE_TITLE": _("Store Guide HQ"),
    "SITE_HEADER": _("Store Guide HQ"),
    "SITE_URL": None,
    "SITE_ICON": lambda _request: static("console/mark.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "sizes": "any", "href": lambda _request: static("console/mark.svg")}
    ],
    "ENVIRONMENT": "hq.console.overview.environment",
    "DASHBOARD_CALLBACK": "hq.console.overview.fill",
    # The brand's green, lighter and darker around its own #0B6E5F
    "COLORS": {
        "primary": {
            "50": "#eef8f6",
            "100": "#d3eee8",
            "200": "#a8dcd2",
            "300": "#73c3b5",
            "400": "#3fa695",
            "500": "#1c8a78",
            "600": "#0b6e5f",
            "700": "#0a5a4e",
            "800": "#09483f",
            "900": "#083b34",
            "950": "#04231f",
        }
    },
    "ACCOUNT": {"navigation": [{"title": _("Two-factor sign-in"), "link": reverse_lazy("admin:two_factor")}]},
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "STYLES": [lambda _request: static("console/admin.css")],
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": "hq.console.navigation.sidebar"},
}
