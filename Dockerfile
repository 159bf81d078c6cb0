# The image of every service: the four programs, the pages, the schema, the sample cities, and nothing
# to build with. What a container does is its first argument: see tools/docker/entry.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY tools/packages/build.txt tools/packages/
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(cat tools/packages/build.txt) \
 && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt ./
COPY cmake cmake
COPY proto/match.proto proto/
COPY services services
RUN cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DJB_TESTS=OFF \
 && ninja -C build programs \
 && strip build/bin/jiebang-*

# What browsers fetch beside the pages. The bundler comes from npm by its lock file.
FROM debian:bookworm-slim AS web
WORKDIR /src
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
COPY services/web/package.json services/web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY services/web ./
RUN node build.mjs static

FROM debian:bookworm-slim
COPY tools/packages/serve.txt /tmp/packages
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(cat /tmp/packages) \
 && rm -rf /var/lib/apt/lists/* /tmp/packages \
 && useradd --system --uid 990 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin jiebang \
 && install -d -o jiebang -g jiebang -m 750 /run/jiebang /var/lib/jiebang
COPY --from=build /src/build/bin/ /usr/local/bin/
COPY --from=web /src/static /usr/share/jiebang/static
COPY services/web/templates /usr/share/jiebang/web/templates
COPY services/web/messages /usr/share/jiebang/web/messages
COPY sql /usr/share/jiebang/sql
COPY samples /usr/share/jiebang/samples
COPY tools/docker/entry /usr/local/bin/entry
USER jiebang
ENTRYPOINT ["entry"]
CMD ["help"]
