// The image's health check: one request over mutual TLS with the gateway's own client certificate, so that all of the way to an answer
// is walked and no failed handshake stands in the log. Any answer is healthy: a gateway that is full is not ill.
//   node healthcheck.mjs [<configuration>]
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

const TIMEOUT_MS = 4_000;
const EVERY_ADDRESS = ['0.0.0.0', '::'];

const path = process.argv[2] ?? '/etc/doorgeefluik/gateway.yaml';
const { luisteren, tls, vertrouwen } = parse(readFileSync(path, 'utf8'));
const read = (name) => readFileSync(resolve(dirname(path), name));

const request = get(
  {
    host: EVERY_ADDRESS.includes(luisteren.adres) ? '127.0.0.1' : luisteren.adres,
    port: luisteren.poort,
    path: '/v1/openapi.json',
    cert: read(tls.client.certificaat),
    key: read(tls.client.sleutel),
    ca: [...vertrouwen.wortels, ...(vertrouwen.tussencertificaten ?? [])].map(read),
    // The certificate is for the name by which others know this gateway.
    checkServerIdentity: () => undefined,
    timeout: TIMEOUT_MS,
  },
  () => process.exit(0),
);
request.once('timeout', () => process.exit(1)).once('error', () => process.exit(1));
