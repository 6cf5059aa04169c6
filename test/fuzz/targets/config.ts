import { readFileSync } from 'node:fs';
import { readGatewayFile } from '../../../gateway/codec/gateway-config.ts';
import type { GatewayFile } from '../../../gateway/codec/gateway-config.ts';
import { readJsonSchema } from '../../support/schema-folder.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateLines } from '../mutate/lines.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

const schema = readJsonSchema('gateway.schema.json') as Parameters<typeof readGatewayFile>[1];
const shipped = readFileSync('deploy/gateway.yaml', 'utf8');
const WORDS = [
  ...[
    'omgeving: productie',
    'poort: 0',
    'poort: 65536',
    'poort: -1',
    'poort: 1.5',
    'poort: "8443"',
    'soort: rabbitmq',
    'soort: bestand',
  ],
  ...[
    'url: amqp://localhost',
    'urlBestand: /x',
    'map: /x',
    'onbekend: x',
    '__proto__: {}',
    'logniveau: debug',
    'limieten:',
    'berichtBytes: 40000000',
  ],
  ...['tijden:', '  pollMs: 0', '  pollMs: 1e9', 'null', '~', '[]', '{}', '&a', '*a', '- x', '---', '\t', '#', 'true'],
];
// Written out once more: what the schema lets through by mistake would otherwise be its own judge.
const KEYS = [
  ...[
    'omgeving',
    'luisteren',
    'tls',
    'bevestigingen',
    'controlepunten',
    'vertrouwen',
    'regels',
    'schemas',
    'stufpakket',
    'makelaar',
  ],
  ...['register', 'sleutels', 'bezorging', 'limieten', 'tijden', 'logniveau'],
];

const target: FuzzTarget = {
  invariant:
    'never throws; a file that is accepted has known keys only, all that must be there, and numbers that are whole and positive',
  seeds: [Buffer.from(shipped), Buffer.from(shipped.replace(/^\s*#.*\n/gm, ''))],
  mutators: [mutateLines(WORDS), mutateLines(WORDS), mutateBytes(WORDS)],
  run: (input) => {
    const read = readGatewayFile(input.toString('utf8'), schema);
    if (!read.ok) must(read.error.length > 0, 'refuses without saying why');
    else judge(read.value);
  },
};

function judge(file: GatewayFile): void {
  must(['productie', 'acceptatie', 'ontwikkeling'].includes(file.omgeving), 'another omgeving');
  must(
    Number.isInteger(file.luisteren.poort) && file.luisteren.poort >= 0 && file.luisteren.poort <= 65_535,
    'a port that no host has',
  );
  const pairs = [file.tls.server, file.tls.client, file.bevestigingen, file.controlepunten];
  must(
    pairs.every(({ certificaat, sleutel }) => typeof certificaat === 'string' && typeof sleutel === 'string'),
    'a key pair that lacks a half',
  );
  must(file.vertrouwen.wortels.length > 0, 'no root');
  for (const number of Object.values({ ...file.limieten, ...file.tijden }))
    must(Number.isInteger(number) && number > 0, 'a bound that is none');
  if (file.makelaar?.soort === 'rabbitmq')
    must(file.makelaar.url !== undefined || file.makelaar.urlBestand !== undefined, 'a broker without address');
  const unknown = Object.keys(file).filter((key) => !KEYS.includes(key));
  must(unknown.length === 0, `an unknown key: ${unknown.join()}`);
}

export default target;
