"""Settings of the web server: `gunicorn -c python:config.gunicorn config.wsgi`."""

from config.env import Environment

_env = Environment()

bind = f"{_env.text('BIND', '127.0.0.1')}:{_env.integer('PORT', 8000, low=1, high=65535)}"
workers = _env.integer("WEB_WORKERS", 2, low=1, high=64)
threads = _env.integer("WEB_THREADS", 4, low=1, high=64)
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190
preload_app = False
accesslog = None
errorlog = "-"
loglevel = "warning"
