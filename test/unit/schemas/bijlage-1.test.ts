import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isAcceptedBy, openTypeXsd, readJsonSchema, readTypeFolders, SCHEMA_ROOT } from '../../support/schema-folder.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The contact of numbers 7, 9, 10 and 12: the name and a telephone number or e-mail address; at most the instantiecode as well. */
const CONTACT = [
  'contact',
  'contact/naamMedewerker',
  'contact/telefoonnummer?',
  'contact/emailadres?',
  'contact/instantiecode?',
];
/** The youth of numbers 7 and 9 to 13: SKN and name. */
const JEUGDIGE = [
  'jeugdige',
  'jeugdige/skn',
  'jeugdige/voornamen?',
  'jeugdige/voorvoegsel?',
  'jeugdige/geslachtsnaam',
];

/** Regeling justitiële keteninformatisering Jeugdwet, Bijlage 1, by hand: what must be given, and with `?` what may be at most. */
const WHITELIST: Readonly<Record<string, readonly string[]>> = {
  opdrachtTb: [
    ...['opdrachtnummer', 'verantwoordelijkeGemeente', 'parketnummer'],
    ...['opdrachtgever', 'opdrachtgever/instantiecode', 'opdrachtgever/telefoonnummer?', 'opdrachtgever/emailadres?'],
    ...['opdrachtnemer', 'opdrachtnemer/instantiecode', 'opdrachtnemer/telefoonnummer?', 'opdrachtnemer/emailadres?'],
    ...['toezicht', 'toezicht/soort', 'toezicht/begindatum', 'toezicht/einddatum'],
    ...['jeugdige', 'jeugdige/skn', 'jeugdige/voornamen?', 'jeugdige/voorvoegsel?', 'jeugdige/geslachtsnaam?'],
    ...['jeugdige/geboortedatum?', 'jeugdige/geboorteplaats?', 'jeugdige/geslacht?'],
    ...['jeugdige/telefoonnummer?', 'jeugdige/emailadres?', 'jeugdige/adres?'],
    ...['jeugdige/adres?/straatnaam', 'jeugdige/adres?/huisnummer', 'jeugdige/adres?/huisletter?'],
    ...['jeugdige/adres?/huisnummertoevoeging?', 'jeugdige/adres?/postcode', 'jeugdige/adres?/woonplaats'],
  ],
  meldingStartTb: ['opdrachtnummer', 'datumToewijzing', ...CONTACT, ...JEUGDIGE],
  meldingAfloopTb: ['opdrachtnummer', 'redenAfloop', 'datumAfloop', ...CONTACT, ...JEUGDIGE],
  verzoekWijzigingTb: [
    ...['opdrachtnummer', 'gevraagdePeriode', 'gevraagdePeriode/begindatum', 'gevraagdePeriode/einddatum'],
    ...[...CONTACT, ...JEUGDIGE],
  ],
  wijzigingTb: [
    ...['opdrachtnummer', 'opdrachtgever', 'opdrachtgever/instantiecode', 'parketnummer'],
    ...['toezicht', 'toezicht/soort', 'toezicht/begindatum', 'toezicht/einddatum', ...JEUGDIGE],
  ],
  overdrachtTb: ['opdrachtnummer', 'datumOverdracht', 'redenOverdracht', ...CONTACT, ...JEUGDIGE],
  overdrachtDocumentTb: ['opdrachtnummer', ...JEUGDIGE, 'document?', 'document?/mimeType', 'document?/bestand'],
};

const types = readTypeFolders().filter(({ definition }) => definition.berichttype in WHITELIST);

describe('messages 6, 7 and 9 to 13 of Bijlage 1', () => {
  it('are all there, in both formats', () => {
    expect(types.map(({ definition }) => definition.berichttype).sort()).toEqual(Object.keys(WHITELIST).sort());
    for (const { definition } of types) expect([...definition.formaten].sort()).toEqual(['json', 'xml']);
    expect(new Set(types.map(({ definition }) => definition.klasse))).toEqual(new Set(['wat']));
  });

  it.each(types)('A1: $label holds what is on its list and nothing else', ({ folder, definition }) => {
    const list = [...(WHITELIST[definition.berichttype] ?? [])].sort();
    const schema = readJsonSchema(`${folder}/${String(definition.jsonSchema)}`);
    expect(membersOf(schema).sort()).toEqual(list);
    const xsd = readFileSync(join(SCHEMA_ROOT, folder, String(definition.xsd)), 'utf8');
    const elements = [...xsd.matchAll(/<xs:element name="(\w+)"/g)].map((match) => match[1]);
    const named = list.map((path) => path.replace(/\?/g, '').replace(/^.*\//, ''));
    expect([...new Set(elements)].sort()).toEqual([...new Set([...named, definition.element])].sort());
  });

  it('names the youth by SKN, never by BSN', () => {
    for (const { folder } of types) {
      const schema = readJsonSchema(`${folder}/inhoud.schema.json`);
      expect(membersOf(schema)).toContain('jeugdige/skn');
      expect(JSON.stringify(schema)).not.toMatch(/bsn|burgerservice/i);
    }
  });

  it.each(types)('$label leaves no object open and no text without a form', ({ folder }) => {
    const nodes = nodesOf(readJsonSchema(`${folder}/inhoud.schema.json`));
    expect(nodes.filter((node) => node['type'] === 'object' && node['additionalProperties'] !== false)).toEqual([]);
    expect(nodes.filter((node) => node['type'] === 'string' && !('enum' in node) && !('pattern' in node) && !('not' in node))).toEqual([]);
  });
});

describe('the document of message 13', () => {
  const [type] = types.filter(({ definition }) => definition.berichttype === 'overdrachtDocumentTb');
  if (type === undefined) throw new RangeError('no overdrachtDocumentTb');
  const isContent = new Ajv2020({ strict: true }).compile(readJsonSchema(`${type.folder}/inhoud.schema.json`));
  const example = type.valid.find(({ name }) => name === 'plan-van-aanpak.json');
  const { inhoud } = JSON.parse(String(example?.bytes)) as { readonly inhoud: Schema };
  const withDocument = (document: Schema): Schema => ({ ...inhoud, document });
  const ofBytes = (bytes: number): string => Buffer.alloc(bytes, 7).toString('base64');
  const PDF = 'application/pdf';
  const xsd = openTypeXsd(type);
  afterAll(() => {
    xsd.dispose();
  });

  it('is at most 21 MB, in JSON', () => {
    expect(isContent(withDocument({ mimeType: PDF, bestand: ofBytes(21_000_000) }))).toBe(true);
    expect(isContent(withDocument({ mimeType: PDF, bestand: ofBytes(21_000_001) }))).toBe(false);
  });

  it('is at most 21 MB, in XML', () => {
    expect(readFileSync(join(SCHEMA_ROOT, type.folder, 'inhoud.xsd'), 'utf8')).toContain('<xs:maxLength value="21000000"/>');
  });

  it.each([
    ['application/pdf', true],
    ['application/vnd.oasis.opendocument.text', true],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', true],
    ['text/html', false],
    ['application/zip', false],
    ['application/x-msdownload', false],
  ])('of type %s is taken: %s', (mimeType, taken) => {
    expect(isContent(withDocument({ mimeType, bestand: ofBytes(300) }))).toBe(taken);
    const xml = String(type.valid.find(({ name }) => name === 'plan-van-aanpak.xml')?.bytes);
    expect(isAcceptedBy(xsd, Buffer.from(xml.replace('>application/pdf<', `>${mimeType}<`)))).toBe(taken);
  });
});

/** Every member as a path; what may be left out ends in `?`. */
function membersOf(schema: Schema, path = ''): string[] {
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>).flatMap(([name, member]) => {
    const own = `${path}${name}${required.includes(name) ? '' : '?'}`;
    return [own, ...membersOf(member, `${own}/`)];
  });
}

/** Every subschema, the schema itself among them. */
function nodesOf(value: unknown): readonly Schema[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(nodesOf);
  return Array.isArray(value) ? inner : [value as Schema, ...inner];
}
