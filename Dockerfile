# The one image: every service of docker-compose.yml is a command of it. At most 700 MB, no root, nothing written
# outside /tmp and the volumes.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# the version of .ci/setup; a test compares the two
RUN pip install uv==0.13.9
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1
# the locked packages in a layer of their own, made anew only when the lock changes
COPY pyproject.toml uv.lock ./
# no group: the embedded servers and the tools stay out; of Arrow only what writes Parquet (its RPC and S3 clients, headers
# and tests are 57 MB that nothing here loads)
RUN uv sync --frozen --no-default-groups --no-install-project \
 && cd .venv/lib/python3.13/site-packages/pyarrow \
 && rm -rf libarrow_flight* _flight* libarrow_s3* _s3fs* tests include src
COPY . .
RUN uv sync --frozen --no-default-groups \
 && python3 -m compileall -q core seeds ingest extractor alerts api cli yinqi \
 && rm -rf build *.egg-info

FROM python:3.13-slim
LABEL org.opencontainers.image.title="yinqi" org.opencontainers.image.licenses="Apache-2.0"
# a number of its own, so that volumes keep their owner over rebuilds
RUN groupadd --gid 10001 yinqi \
 && useradd --uid 10001 --gid yinqi --home-dir /tmp --no-create-home --shell /usr/sbin/nologin yinqi \
 && install -d -o yinqi -g yinqi -m 0700 /run/yinqi /run/yinqi/secrets \
 && install -d -o yinqi -g yinqi -m 0755 /run/yinqi/postgres
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    YINQI_HOME=/run/yinqi \
    YINQI_HEARTBEAT_FOLDER=/tmp/beats \
    YINQI_SECRETS_DIR=/run/yinqi/secrets \
    YINQI_LOG_FORMAT=json
USER yinqi
EXPOSE 8080
CMD ["yinqi", "--help"]
