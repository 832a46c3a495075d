# The command in a container: docker build -t sanctions-annotator . (docs/release.md)
#   docker run --rm -i sanctions-annotator annotate < article.txt
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" sanctions-annotator annotate article.txt
FROM python:3.13-slim-bookworm AS build
# The compiled core needs a compiler, which stays behind in this stage.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN python -m venv /opt/annotator \
    && /opt/annotator/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim-bookworm
COPY --from=build /opt/annotator /opt/annotator
# Compiled rules and the index of the lists that ship are made once, here, for whoever runs it.
ENV PATH=/opt/annotator/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    ANNOTATOR_CACHE_DIR=/var/cache/annotator
RUN useradd --system --uid 10001 --home-dir /work --shell /usr/sbin/nologin annotator \
    && install -d -o annotator -g annotator /work "$ANNOTATOR_CACHE_DIR"
USER 10001:10001
WORKDIR /work
RUN echo "The UN has sanctions on Kim Yong Chol." > article.txt \
    && sanctions-annotator annotate article.txt --as-of 2024-06-20 > /dev/null \
    && rm article.txt \
    && chmod -R a+rwX "$ANNOTATOR_CACHE_DIR"
ENTRYPOINT ["sanctions-annotator"]
CMD ["--help"]
