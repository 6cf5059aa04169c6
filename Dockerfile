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
COPY scripts/sbom.mjs scripts/sbom.mjs
# What the image is made of goes along as dist/sbom.cdx.json. Readable for the image's user, whatever the umask here was.
RUN npm run build && npm run sbom && rm -f dist/.build.tsbuildinfo && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && chmod -R a+rX package.json dist schemas routing-rules

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /opt/doorgeefluik
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules/ node_modules/
COPY --from=build /build/dist/ dist/
COPY --from=build /build/schemas/ schemas/
COPY --from=build /build/routing-rules/ routing-rules/
COPY LICENSE deploy/healthcheck.mjs ./
# State has two places, both mounted: the register (kept) and the transit keys (a tmpfs; gone with the container).
RUN chmod a+r LICENSE healthcheck.mjs && install -d -m 0755 /etc/doorgeefluik \
  && install -d -o node -g node -m 0700 /var/lib/doorgeefluik /run/doorgeefluik
USER node
EXPOSE 8443
VOLUME ["/var/lib/doorgeefluik"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "healthcheck.mjs"]
# A debugger that a signal can open would show berichten and keys.
ENTRYPOINT ["node", "--disable-sigusr1", "dist/cli/main.js"]
CMD ["serve", "--config", "/etc/doorgeefluik/gateway.yaml"]
