import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readJsonSchema, readTypeFolders } from '../../support/schema-folder.ts';

type Schema = Readonly<Record<string, unknown>>;

const CONTACT = ['organisatie', 'naam', 'telefoon', 'email'];

/** All that these types may hold, by hand. They tell that something is, and who can be reached; never what. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  virMelding: ['bsn', 'melder', ...CONTACT, 'datumTijd', 'verwijderdatum'],
  virSignaal: ['soort', 'verschillendeJeugdigen', 'melders', ...CONTACT],
  vtRegisterCheck: ['registratie', 'betrokkenen'],
  vtRegisterUitslag: ['registratie', 'betrokken', 'organisaties'],
  vtRegisterVerwijdering: ['registratie', 'datum'],
  meldingBeroepskracht: [
    ...['jeugdigen', 'melder', ...CONTACT, 'datumTijd'],
    ...['melderIdentiteitVrijgeven', 'redenCode'],
  ],
  facturatieControle: [
    ...['regels', 'clientnummer', 'periode', 'begindatum', 'einddatum'],
    ...['productcode', 'bedragCenten'],
  ],
  verstrekkingToezicht: ['zaaknummer', 'datum', 'contact', ...CONTACT],
  zvhAfschaling: ['casus', 'datum', 'uitkomst', 'regie', 'contact', ...CONTACT],
};

const types = readTypeFolders().filter(({ definition }) => definition.berichttype in MEMBERS);

describe('the types that tell that, never what', () => {
  it('are all there, in JSON alone', () => {
    expect(types.map(({ definition }) => definition.berichttype).sort()).toEqual(Object.keys(MEMBERS).sort());
    expect(new Set(types.flatMap(({ definition }) => definition.formaten))).toEqual(new Set(['json']));
    expect(new Set(types.map(({ definition }) => definition.klasse))).toEqual(new Set(['dat']));
  });
});

describe.each(types)('$label', ({ folder, definition, valid }) => {
  const schema = readJsonSchema(`${folder}/${String(definition.jsonSchema)}`);
  const nodes = nodesOf(schema);
  const texts = nodes.filter(({ type }) => type === 'string');

  it('A1, V2, V3, V9: holds what is on its list and nothing else', () => {
    const names = new Set(nodes.flatMap(({ properties }) => Object.keys((properties ?? {}) as Schema)));
    expect([...names].sort()).toEqual([...new Set(MEMBERS[definition.berichttype])].sort());
  });

  it('P1: knows no member that it does not name, and no attachment', () => {
    const objects = nodes.filter(({ type }) => type === 'object');
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.filter((node) => node['additionalProperties'] !== false)).toEqual([]);
    expect(nodes.filter((node) => OPEN_KEYWORDS.some((keyword) => keyword in node))).toEqual([]);
    const lists = nodes.filter(({ type }) => type === 'array');
    expect(lists.filter(({ maxItems }) => typeof maxItems !== 'number')).toEqual([]);
  });

  it('V2, V3: has a form and an end for every text', () => {
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((node) => !('enum' in node) && !isBound(node))).toEqual([]);
  });

  it('V3: takes no sentence, no line of a file and no file in any text', () => {
    const ajv = new Ajv2020({ strict: true });
    for (const node of texts) {
      const takes = ajv.compile(node);
      expect([node, CONTENT.filter((text) => takes(text))]).toEqual([node, []]);
    }
  });

  it('V3: refuses a member more at every place of its examples', () => {
    const accepts = new Ajv2020({ strict: true }).compile(schema);
    for (const { bytes } of valid) {
      const { inhoud } = JSON.parse(bytes.toString('utf8')) as { readonly inhoud: unknown };
      expect(accepts(inhoud)).toBe(true);
      const larger = withOneMore(inhoud);
      expect(larger.length).toBeGreaterThan(0);
      for (const changed of larger) expect(accepts(changed)).toBe(false);
    }
  });
});

/** What content looks like: prose, a note on several lines, a document. */
const CONTENT = [
  'Moeder vertelde gisteren dat vader het kind opnieuw heeft geslagen en dat zij bang is.',
  'vader slaat; zie dossier',
  'Regel een\nRegel twee',
  Buffer.from('%PDF-1.4 een verslag van het gesprek met de ouders van gisteren').toString('base64'),
];

const OPEN_KEYWORDS = [
  ...['patternProperties', 'unevaluatedProperties', 'contentEncoding', 'contentMediaType'],
  ...['$ref', '$dynamicRef', 'anyOf', 'oneOf', 'allOf', 'not'],
];

function isBound({ pattern, maxLength }: Schema): boolean {
  const isAnchored = typeof pattern === 'string' && pattern.startsWith('^') && pattern.endsWith('$');
  return isAnchored && typeof maxLength === 'number' && maxLength <= 254;
}

/** The value with an unknown member in one of its objects, for each of its objects. */
function withOneMore(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => withOneMore(item).map((changed) => value.with(at, changed) as unknown));
  }
  const inner = Object.entries(value).flatMap(([name, member]) =>
    withOneMore(member).map((changed) => ({ ...value, [name]: changed })),
  );
  return [{ ...value, toelichting: 'x' }, ...inner];
}

/** Every subschema, the schema itself among them. */
function nodesOf(value: unknown): readonly Schema[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(nodesOf);
  return Array.isArray(value) ? inner : [value as Schema, ...inner];
}
