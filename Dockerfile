# The packages, in a virtual environment of their own.
FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/register
COPY requirements.txt .
RUN /opt/register/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt

# The register with its catalogues compiled and its static files collected.
FROM python:3.11-slim-bookworm
ENV PATH=/opt/register/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0:8000
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin register
WORKDIR /app
COPY --from=packages /opt/register /opt/register
COPY . .
# The key serves this line alone and is kept nowhere: without one the project does not even collect its files.
RUN pybabel compile --directory locale --domain django \
 && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --noinput \
 && install --directory --owner=register var/media

USER register
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck.py"]
# `python manage.py prepare` comes first with every new image: compose.yaml shows it.
CMD ["gunicorn"]
