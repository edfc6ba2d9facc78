# One image for every role: API, workers and beat differ by their command (see docker-compose.yml).
# The embedding model is part of it, from a Python package; nothing is fetched at run time.

FROM python:3.11.13-slim-bookworm AS build
# Where pip finds further packages, such as PyTorch without CUDA, which makes the image several gigabytes smaller.
ARG PIP_EXTRA_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/clusterer
WORKDIR /src
COPY pyproject.toml setup.py constraints.txt README.md LICENSE ./
COPY clusterer clusterer
COPY workers workers
RUN /opt/clusterer/bin/pip install --constraint constraints.txt '.[worker,embedded,tracing]'

FROM python:3.11.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin clusterer \
    && install --directory --owner clusterer --mode 0700 /data
COPY --from=build /opt/clusterer /opt/clusterer
ENV PATH=/opt/clusterer/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    CLUSTERER_DATA_DIR=/data \
    CLUSTERER_LOG_FORMAT=json
# By number, so that an orchestrator can see that it is not root.
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# The image alone is the whole service with a private Redis, which compose replaces by one process in each container:
# docker run --env CLUSTERER_API_HOST=0.0.0.0 --publish 127.0.0.1:8000:8000 --volume clusterer:/data clusterer
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["clusterer", "up"]
