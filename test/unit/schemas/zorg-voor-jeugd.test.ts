import { describe, expect, it } from '@jest/globals';
import { readJsonSchema, readTypeFolders } from '../../support/schema-folder.ts';

type Schema = Readonly<Record<string, unknown>>;

/** All that a bericht of Zorg voor Jeugd may hold, by hand: who the youth is, who is reachable where, who coordinates; no content. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  signaal: [
    ...['jeugdige', 'gemeentecode', 'code', 'voldoetAanArt2j', 'bjzBetrokken', 'contact', 'overlegJgz', 'jgzOin'],
    ...['voornamen', 'voorvoegsel', 'geslachtsnaam', 'geboortedatum'],
    ...['naamMedewerker', 'telefoonnummer', 'emailadres'],
  ],
  signaalIntrekking: ['signaal', 'datum'],
  ketenregistratie: [
    ...['jeugdige', 'gemeentecode', 'begindatum', 'einddatum', 'contact'],
    ...['voornamen', 'voorvoegsel', 'geslachtsnaam', 'geboortedatum'],
    ...['naamMedewerker', 'telefoonnummer', 'emailadres'],
  ],
  matchNotificatie: ['casus', 'soort', 'aantalInstellingen'],
  zorgcoordinatieToewijzing: ['casus', 'aanleiding', 'bjzBetrokken', 'datum'],
  zorgcoordinatieOverdracht: ['casus', 'soort', 'warm', 'datum'],
  zorgcoordinatieAcceptatie: [
    ...['casus', 'besluit', 'datum', 'contact'],
    ...['naamMedewerker', 'telefoonnummer', 'emailadres'],
  ],
  escalatie: ['casus', 'onderwerp', 'stap'],
  escalatieUitspraak: ['casus', 'besluit', 'coordinatorOin', 'datum'],
  contactBevestiging: ['datum', 'contact', 'naamMedewerker', 'telefoonnummer', 'emailadres'],
  betrokkenheidVraag: ['signaal'],
  betrokkenheidAntwoord: [
    ...['signaal', 'anderenBetrokken', 'instellingen', 'coordinator'],
    ...['oin', 'naamMedewerker', 'telefoonnummer', 'emailadres'],
  ],
};

const types = readTypeFolders().filter(({ definition }) => definition.berichttype in MEMBERS);

describe('the types of Zorg voor Jeugd', () => {
  it('are all there, in JSON alone', () => {
    expect(types.map(({ definition }) => definition.berichttype).sort()).toEqual(Object.keys(MEMBERS).sort());
    expect(new Set(types.flatMap(({ definition }) => definition.formaten))).toEqual(new Set(['json']));
  });

  it('Z45: are without actie, relatie and proces', () => {
    const names = readTypeFolders().map(({ definition }) => definition.berichttype.toLowerCase());
    expect(names.filter((name) => /^(actie|relatie|proces)/.test(name))).toEqual([]);
  });
});

describe.each(types)('$label', ({ folder, definition }) => {
  const schema = readJsonSchema(`${folder}/${String(definition.jsonSchema)}`);
  const nodes = nodesOf(schema);

  it('Z1: leaves no text free and no number open', () => {
    const texts = nodes.filter(({ type }) => type === 'string');
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((node) => !isClosedText(node))).toEqual([]);
    const numbers = nodes.filter(({ type }) => type === 'integer' || type === 'number');
    expect(numbers.filter((node) => !('enum' in node) && !('minimum' in node && 'maximum' in node))).toEqual([]);
  });

  it('Z1: gives every member one type, and every list an end', () => {
    const members = nodes.flatMap(({ properties }) => Object.values((properties ?? {}) as Schema)).filter(isSchema);
    expect(members.filter((member) => typeof member['type'] !== 'string' && !('const' in member))).toEqual([]);
    const lists = nodes.filter(({ type, items }) => type === 'array' && items !== undefined);
    expect(lists.filter((list) => typeof list['maxItems'] !== 'number')).toEqual([]);
  });

  it('Z1, P1: knows no member that it does not name, and so no attachment', () => {
    const objects = nodes.filter(({ type }) => type === 'object');
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.filter((node) => node['additionalProperties'] !== false)).toEqual([]);
    expect(nodes.filter((node) => OPEN_KEYWORDS.some((keyword) => keyword in node))).toEqual([]);
  });

  it('Z1, Z50: holds what is on its list and nothing else, no risk among it', () => {
    const names = new Set(nodes.flatMap(({ properties }) => Object.keys((properties ?? {}) as Schema)));
    expect([...names].sort()).toEqual([...new Set(MEMBERS[definition.berichttype])].sort());
  });
});

describe('the codes', () => {
  const property = (type: string, name: string): unknown => {
    const found = types.find(({ definition }) => definition.berichttype === type);
    return (readJsonSchema(`${String(found?.folder)}/inhoud.schema.json`)['properties'] as Schema)[name];
  };

  it('Z35, Z49: of a signaal are 1 and 2, and nothing is a crisis', () => {
    expect(property('signaal', 'code')).toEqual({ type: 'integer', enum: [1, 2] });
    expect(JSON.stringify(types.map(({ folder }) => readJsonSchema(`${folder}/inhoud.schema.json`)))).not.toMatch(/crisis/i);
  });

  it('Z10, Z60: of a match count two institutions or more', () => {
    expect(property('matchNotificatie', 'aantalInstellingen')).toMatchObject({ minimum: 2 });
  });

  it('Z22, Z23: of a match name a youth, a family or an adult', () => {
    expect(property('matchNotificatie', 'soort')).toMatchObject({ enum: ['JEUGDIGE', 'GEZIN', 'VOLWASSENE'] });
  });

  it('Z36, Z51: of a signaal say that it meets art. 2j, never which criterion', () => {
    expect(property('signaal', 'voldoetAanArt2j')).toEqual({ type: 'boolean', const: true });
  });

  it('Z12, Z20: of a handover say whether it is one or an end, and whether it was warm', () => {
    expect(property('zorgcoordinatieOverdracht', 'soort')).toMatchObject({ enum: ['OVERDRACHT', 'BEEINDIGD'] });
    expect(property('zorgcoordinatieOverdracht', 'warm')).toMatchObject({ enum: ['ja', 'nee'] });
  });

  it('Z27: of an escalatie are about coordination alone', () => {
    expect(property('escalatie', 'onderwerp')).toMatchObject({ const: 'ZORGCOORDINATIE' });
  });
});

/** Every subschema, the schema itself among them. */
function nodesOf(value: unknown): readonly Schema[] {
  if (!isSchema(value)) return Array.isArray(value) ? value.flatMap(nodesOf) : [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isClosedText(node: Schema): boolean {
  if ('enum' in node || 'const' in node) return true;
  const { pattern, maxLength } = node;
  const isAnchored = typeof pattern === 'string' && pattern.startsWith('^') && pattern.endsWith('$');
  return isAnchored && typeof maxLength === 'number' && maxLength <= 254;
}

const OPEN_KEYWORDS = [
  ...['patternProperties', 'unevaluatedProperties', 'contentEncoding', 'contentMediaType'],
  ...['$ref', '$dynamicRef', 'anyOf', 'oneOf', 'allOf', 'not'],
];
