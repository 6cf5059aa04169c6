import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isAcceptedBy, openTypeXsd, readJsonSchema, readTypeFolders } from '../../support/schema-folder.ts';
import type { Example, TypeFolder } from '../../support/schema-folder.ts';

const types = readTypeFolders();
const ajv = new Ajv2020({ strict: true, allErrors: true });
const isEnvelope = ajv.compile(readJsonSchema('stuurgegevens.schema.json'));

describe('the message catalogue', () => {
  it('holds the types that the gateway is delivered with', () => {
    expect(types.map((type) => type.label).sort()).toEqual(
      expect.arrayContaining([
        'meldingGeneriekDi01 1.0.9',
        'meldingStartTb 1.0',
        'notificatieDi01 1.0.9',
        'notificatiejrDi01 1.0.9',
        'opdrachtTb 1.0',
        'uciDi01 1.0.9',
        'ucobDi01 1.0.9',
        'uitkomstMeldingGeneriekDi01 1.0.9',
        'vciDi01 1.0.9',
        'vcobDi01 1.0.9',
        'vtMeldingDi01 1.0.9',
        'vtoDi01 1.0.9',
      ]),
    );
  });

});

describe.each(types)('$label', (type) => {
  const accepts = openAcceptance(type);

  it('stands in the folder that its definition names', () => {
    expect(type.folder).toBe(`berichten/${type.definition.berichttype}/${type.definition.versie}`);
    expect(type.definition.omschrijving).toMatch(/\.$/);
  });

  it('has a valid example in each of its formats and at least four invalid ones', () => {
    const formats = new Set(type.valid.map((example) => example.format));
    expect([...formats].sort()).toEqual([...type.definition.formaten].sort());
    expect(type.invalid.length).toBeGreaterThanOrEqual(4);
  });

  it('says of each invalid example, and of no other file, what is wrong', () => {
    expect(Object.keys(type.expected).sort()).toEqual(type.invalid.map((example) => example.name).sort());
  });

  it.each(type.valid)('accepts $name', (example) => {
    expect(accepts[example.format](example.bytes)).toBe(true);
  });

  it('has the same members in the same order in JSON and XML', () => {
    for (const { json, xml } of pairs(type)) {
    const message = JSON.parse(json.bytes.toString('utf8')) as { inhoud: unknown };
    const { element } = type.definition;
    const expected = memberNames({ bericht: { ...message, inhoud: { [element]: message.inhoud } } });
    expect([...xml.bytes.toString('utf8').matchAll(/<\w+:(\w+)/g)].map((match) => match[1])).toEqual(expected);
    }
    expect(pairs(type).length > 0).toBe(type.definition.formaten.length === 2);
  });

  it.each(type.invalid)('refuses $name', (example) => {
    expect(accepts[example.format](example.bytes)).toBe(false);
  });
});

function pairs(type: TypeFolder): readonly { json: Example; xml: Example }[] {
  return type.valid.flatMap((json) => {
    const xml = type.valid.find((other) => other.name === json.name.replace(/\.json$/, '.xml'));
    return json.format === 'json' && xml !== undefined ? [{ json, xml }] : [];
  });
}

function memberNames(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [name, ...memberNames(inner)]));
}

function openAcceptance(type: TypeFolder): Record<'xml' | 'json', (bytes: Buffer) => boolean> {
  const { formaten, jsonSchema } = type.definition;
  const xsd = formaten.includes('xml') ? openTypeXsd(type) : undefined;
  const isContent = jsonSchema === undefined ? undefined : ajv.compile(readJsonSchema(`${type.folder}/${jsonSchema}`));
  return {
    xml: (bytes) => xsd !== undefined && isAcceptedBy(xsd, bytes),
    json: (bytes) => {
      const message = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
      if (Object.keys(message).join() !== 'stuurgegevens,inhoud' || isContent === undefined) return false;
      return isEnvelope(message['stuurgegevens']) && isContent(message['inhoud']);
    },
  };
}
