# Budgetliggare som behållare: `docker build -t budgetliggare .`
#
# Tjänsten lyssnar bara på den egna maskinen så länge inloggning saknas. I en behållare måste den lyssna på alla
# adresser; den som startar behållaren intygar med LIGGARE_BAKOM_PROXY=ja att porten bara publiceras på 127.0.0.1
# eller bakom en omvänd proxy med inloggning. Utan det intyget vägrar `liggare serve` att starta här.
#
#   docker run --rm -e LIGGARE_BAKOM_PROXY=ja -p 127.0.0.1:8000:8000 -v liggare:/data budgetliggare

FROM python:3.12-slim AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/budgetliggare \
    UV_PYTHON_DOWNLOADS=never \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.8
WORKDIR /src
# Beroendena för sig: de byggs om bara när uv.lock ändras.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY README.md LICENSE ./
COPY src src
COPY projections projections
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.12-slim
RUN groupadd --gid 10001 liggare \
    && useradd --uid 10001 --gid liggare --no-create-home --home-dir /data --shell /usr/sbin/nologin liggare \
    && install --directory --owner=liggare --group=liggare --mode=0750 /data
COPY --from=build /opt/budgetliggare /opt/budgetliggare
ENV PATH=/opt/budgetliggare/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LIGGARE_HOST=0.0.0.0 \
    LIGGARE_PORT=8000 \
    LIGGARE_DATABASE=sqlite:////data/liggare.db
USER liggare
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['LIGGARE_PORT'] + '/api/v1/halsa', timeout=4)"]
ENTRYPOINT ["liggare"]
CMD ["serve"]
