"""Settings of Cadran, read from the environment (README, "Configuration").

Two ways to run. Without DATABASE_URL: the private PostgreSQL under `var/` (demo, tests, development) and a default
for everything. With DATABASE_URL: production, where each missing variable stops the start with a hint.
"""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from config import embedded_postgres, logs
from config.env import Environment, mail_server, own_secret
from config.web import api_policies, policies

ENV = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(ENV.text("CADRAN_VAR", str(BASE_DIR / "var"))).absolute()

DEBUG = ENV.boolean("DEBUG", default=False)
PRODUCTION = bool(ENV.get("DATABASE_URL")) and not DEBUG
PORT = ENV.integer("PORT", 8000, low=1, high=65535)


def _required(value: str) -> str | None:
    """Default outside production, none in production: the variable must then be set."""
    return None if PRODUCTION else value


BASE_URL = ENV.text(
    "BASE_URL", _required(f"http://127.0.0.1:{PORT}"), hint="Give the public address, as in https://cadran.example.org"
).rstrip("/")
HTTPS = urlsplit(BASE_URL).scheme == "https"
SECRET_KEY = ENV.text(
    "SECRET_KEY",
    None if PRODUCTION else own_secret(VAR_DIR / "secret_key"),
    hint="Put 50 random characters in a file and name it in SECRET_KEY_FILE.",
)
SECRET_KEY_FALLBACKS = ENV.words("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = ENV.words(
    "ALLOWED_HOSTS",
    None if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"],
    hint="List the host names served, separated by commas.",
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUST_PROXY = ENV.boolean("TRUST_PROXY", default=False)

# Applications, in the order of their templates; django.contrib.admin is left out on purpose.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "people.apps.PeopleConfig",
    "portfolio.apps.PortfolioConfig",
    "governance.apps.GovernanceConfig",
    "reporting.apps.ReportingConfig",
]

MIDDLEWARE = [
    "config.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.web.middleware.ResponseHeadersMiddleware",
    "config.web.middleware.StorableAddressMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.web.middleware.SessionLimitsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.web.middleware.UserLanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.web.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.web.second_factor.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "people.views.once.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "config.web.templatetags.ui",
                "config.web.templatetags.pack",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.web.context.shell",
            ],
        },
    }
]

# Database. A statement may take 15 s in a page and 120 s in a job; a migration waits 2 s at most for a lock.
_LIMITS = {
    "web": "-c statement_timeout=15s",
    "jobs": "-c statement_timeout=120s",
    "migrate": "-c lock_timeout=2s",
}
PROCESS = ENV.text("CADRAN_PROCESS", "jobs")
DATABASES = {
    "default": {
        **dj_database_url.parse(
            ENV.get("DATABASE_URL") or embedded_postgres.url(VAR_DIR), conn_max_age=600, conn_health_checks=True
        ),
        "OPTIONS": {
            "options": f"{_LIMITS.get(PROCESS, _LIMITS['jobs'])} -c idle_in_transaction_session_timeout=30s "
            "-c synchronous_commit=on",
        },
    }
}
EMBEDDED_POSTGRES = not ENV.get("DATABASE_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Who
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "people.services.login_backend.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PUBLIC_URL_NAMES = policies.PUBLIC_URL_NAMES
MFA_REQUIRED_FOR_DECISION_MAKERS = ENV.boolean("MFA_REQUIRED", default=PRODUCTION)

ACCOUNT_ADAPTER = "people.views.login.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "people.views.login.SocialAccountAdapter"
MFA_ADAPTER = "people.views.login.MfaAdapter"
ACCOUNT_FORMS = {
    "login": "people.forms.login.LoginForm",
    "reset_password": "people.forms.login.ResetPasswordForm",
}
# Guesses are counted by axes, per account and address; allauth's own limit per account would let anybody lock it.
ACCOUNT_RATE_LIMITS = {"login_failed": "200/m/ip", "login": "300/m/ip", "reset_password": "60/m/ip,5/m/key"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cadran"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": ENV.text("OIDC_NAME", "SSO"),
                    "client_id": ENV.text("OIDC_CLIENT_ID", hint="OIDC_SERVER_URL is set."),
                    "secret": ENV.text("OIDC_CLIENT_SECRET", hint="OIDC_SERVER_URL is set."),
                    "settings": {"server_url": ENV.get("OIDC_SERVER_URL")},
                }
            ],
        }
    }
    if ENV.get("OIDC_SERVER_URL")
    else {}
)

# A guesser waits; the account itself is never closed, so nobody can lock the director out.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = "people.services.login_delay.cool_off"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_LOCKOUT_TEMPLATE = "account/wait.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "login"

# Sessions and cookies: 30 minutes idle, 12 hours in all. `__Host-` needs https.
_COOKIE = "__Host-" if HTTPS else ""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_COOKIE}sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = ENV.integer("SESSION_IDLE_MINUTES", 30, low=1, high=720) * 60
SESSION_ABSOLUTE_SECONDS = 12 * 3600
CSRF_COOKIE_NAME = f"{_COOKIE}csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.web.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_COOKIE}langue"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# Headers
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
USE_X_FORWARDED_HOST = False
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = policies.PERMISSIONS
CONTENT_SECURITY_POLICY = policies.content_security(ENV.get("OIDC_SERVER_URL") or "")

# What comes in
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "config.web.limits.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640
UPLOAD_MAX_BYTES = 10 * 1024 * 1024

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(ENV.text("STATIC_ROOT", str(VAR_DIR / "static")))
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(
    ENV.text("MEDIA_ROOT", _required(str(VAR_DIR / "media")), hint="Name a folder that is kept and backed up.")
)
PACKS_ROOT = MEDIA_ROOT / "packs" if PRODUCTION else VAR_DIR / "packs"
PACK_LINK_DAYS = ENV.integer("PACK_LINK_DAYS", 30, low=1, high=90)
_COLLECTED = not DEBUG and (PRODUCTION or PROCESS == "collect" or (STATIC_ROOT / "staticfiles.json").exists())
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG

# Languages and time: French is the language of the source texts.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config/locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# E-mail
_MAIL = mail_server(
    ENV.text("EMAIL_URL", _required("console://"), hint="As in smtp+tls://user:password@mail.example.org:587")
)
EMAIL_BACKEND = _MAIL.backend
EMAIL_HOST = _MAIL.host
EMAIL_PORT = _MAIL.port
EMAIL_HOST_USER = _MAIL.user
EMAIL_HOST_PASSWORD = _MAIL.password
EMAIL_USE_TLS = _MAIL.start_tls
EMAIL_USE_SSL = _MAIL.ssl
EMAIL_FILE_PATH = _MAIL.folder or None
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENV.text("EMAIL_FROM", f"cadran@{urlsplit(BASE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Jira: read only, at this address alone. Without it, exports are deposited as files.
JIRA_BASE_URL = ENV.text("JIRA_BASE_URL", "").rstrip("/")
JIRA_EMAIL = ENV.text("JIRA_EMAIL", "")
JIRA_API_TOKEN = ENV.text("JIRA_API_TOKEN", "")

# API
REST_FRAMEWORK = api_policies.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_policies.SCHEMA

# Jobs: Celery when there is a broker, the in-process runner otherwise. The `Job` row is the truth in both.
REDIS_URL = ENV.get("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 180
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page waits a second, once, for a broker that is away; the sweep sends again what could not be sent.
BROKER_LIMITS = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        **BROKER_LIMITS,
    }
    if REDIS_URL
    else {}
)
# When a recurring run is due is known to the database; beat only asks. A missed run is caught up once.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "people.sweep_jobs", "schedule": 30.0, "options": {"expires": 30}},
    "schedule": {"task": "people.run_schedule", "schedule": 60.0, "options": {"expires": 60}},
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True

LOG_LEVEL = ENV.text("LOG_LEVEL", "INFO")
LOGGING_CONFIG = "config.logs.configure"
LOGGING = logs.configuration(LOG_LEVEL, json=not DEBUG)

PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
