import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { DEFAULT_TIMES_MS, readGatewayFile } from '../../../gateway/codec/gateway-config.ts';
import { readJsonSchema } from '../../support/schema-folder.ts';

const schema = readJsonSchema('gateway.schema.json') as Parameters<typeof readGatewayFile>[1];
const SHIPPED = readFileSync('deploy/gateway.yaml', 'utf8');
const file = parse(SHIPPED) as Readonly<Record<string, unknown>>;

function read(changes: Readonly<Record<string, unknown>>): ReturnType<typeof readGatewayFile> {
  return readGatewayFile(stringify({ ...file, ...changes }), schema);
}

describe('readGatewayFile', () => {
  it('reads the configuration that is shipped', () => {
    const shipped = readGatewayFile(SHIPPED, schema);
    expect(shipped).toEqual({ ok: true, value: file });
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['an unknown key', { anders: 1 }, /^\/\*: unknown$/],
    ['an unknown environment', { omgeving: 'proef' }, /^\/omgeving: enum$/],
    ['a port that no host has', { luisteren: { adres: '::', poort: 65_536 } }, /^\/luisteren\/poort: maximum$/],
    [
      'a body over what the chain allows',
      { limieten: { berichtBytes: 40_000_000 } },
      /^\/limieten\/berichtBytes: maximum$/,
    ],
    ['a time of nothing', { tijden: { pollMs: 0 } }, /^\/tijden\/pollMs: minimum$/],
    ['no key pair for receipts', { bevestigingen: undefined }, /^\/bevestigingen: required$/],
    ['a broker without address', { makelaar: { soort: 'rabbitmq' } }, /^\/makelaar\/url: required bij soort rabbitmq/],
    [
      'keys in a file without folder',
      { sleutels: { soort: 'bestand' } },
      /^\/sleutels\/map: required bij soort bestand$/,
    ],
  ])('refuses %s and names the key', (_name, changes, problem) => {
    expect(read(changes)).toEqual({ ok: false, error: [expect.stringMatching(problem)] });
  });

  it.each([
    { makelaar: { soort: 'rabbitmq', url: 'amqp://localhost' } },
    { makelaar: { soort: 'rabbitmq', urlBestand: 'url' } },
    { makelaar: { soort: 'geheugen' }, sleutels: { soort: 'geheugen' } },
    { sleutels: { soort: 'bestand', map: 'sleutels' } },
    { makelaar: undefined, sleutels: undefined },
  ])('takes %j', (changes) => {
    expect(read(changes).ok).toBe(true);
  });

  it('names the line of YAML that is none', () => {
    expect(readGatewayFile('omgeving: productie\nomgeving: acceptatie\n', schema)).toEqual({
      ok: false,
      error: ['regel 2: geen geldige YAML'],
    });
  });

  it('refuses an empty file', () => {
    expect(readGatewayFile('', schema)).toEqual({ ok: false, error: ['/: type'] });
  });
});

describe('DEFAULT_TIMES_MS', () => {
  it('has a time for each key of the schema, and keeps to the relations between them', () => {
    const times = (schema as unknown as { properties: { tijden: { properties: object } } }).properties.tijden
      .properties;
    expect(Object.keys(DEFAULT_TIMES_MS).sort()).toEqual(Object.keys(times).sort());
    expect(DEFAULT_TIMES_MS.wachtMinMs).toBeLessThan(DEFAULT_TIMES_MS.wachtMaxMs);
    expect(DEFAULT_TIMES_MS.publicatieMs).toBeLessThan(DEFAULT_TIMES_MS.nietGeaccepteerdMs);
  });
});
