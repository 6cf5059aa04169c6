# The gateway as an image: built in one stage, run by an unprivileged user in another that holds no compiler, test or development package.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
# Where packages come from is the builder's affair: pass npm_config_registry if it isn't npm's default. Behind a proxy that signs with
# its own authority, put that certificate in deploy/extra-ca/ (*.crt, not in git); it stays in this stage.
ARG npm_config_registry
WORKDIR /build
COPY deploy/extra-ca/ /extra-ca/
RUN find /extra-ca -name '*.crt' -exec cat {} + > /extra-ca.pem
ENV NODE_EXTRA_CA_CERTS=/extra-ca.pem
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY gateway/ gateway/
COPY adapters/ adapters/
COPY cli/ cli/
COPY certs-dev/ certs-dev/
COPY schemas/ schemas/
COPY routing-rules/ routing-rules/
RUN npm run build && rm -f dist/.build.tsbuildinfo && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /opt/doorgeefluik
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules/ node_modules/
COPY --from=build /build/dist/ dist/
COPY --from=build /build/schemas/ schemas/
COPY --from=build /build/routing-rules/ routing-rules/
COPY LICENSE ./
# State has two places, both mounted: the register (kept) and the transit keys (a tmpfs; gone with the container).
RUN install -d -o node -g node -m 0700 /var/lib/doorgeefluik /run/doorgeefluik && install -d -m 0755 /etc/doorgeefluik
USER node
EXPOSE 8443
VOLUME ["/var/lib/doorgeefluik"]
# Healthy = the listener completes its side of a TLS handshake; the check holds no certificate and gets no further.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "const s = require('node:tls').connect({ host: '127.0.0.1', port: Number(process.env.DOORGEEFLUIK_PORT ?? 8443), rejectUnauthorized: false }); s.once('secureConnect', () => process.exit(0)); s.once('error', () => process.exit(1)); s.setTimeout(4000, () => process.exit(1));"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve", "--config", "/etc/doorgeefluik/gateway.yaml"]
