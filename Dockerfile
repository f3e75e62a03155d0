# syntax=docker/dockerfile:1
# Perch in a container: docs/operations.md.

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm run release && npm install --global --prefix /opt/perch ./perch-*.tgz

FROM node:24-bookworm-slim
COPY --from=build /opt/perch /opt/perch
RUN install --directory --owner=node --group=node --mode=0700 /data
ENV NODE_ENV=production PERCH_DATA=/data
VOLUME /data
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=20s CMD ["node", "-e", "\
  require(process.env.PERCH_TLS_CERT ? 'https' : 'http') \
    .get({ port: process.env.PERCH_PORT || 8080, path: '/healthz', rejectUnauthorized: false }, \
      ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)) \
    .on('error', () => process.exit(1))"]
# `docker run … perch demo` works as the command line does.
ENTRYPOINT ["/opt/perch/bin/perch"]
