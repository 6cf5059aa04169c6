import { describe, expect, it } from '@jest/globals';
import { compileCatalogue } from '../../../gateway/codec/catalogue.ts';
import type { Content } from '../../../gateway/codec/content.ts';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import type { XmlMessage } from '../../../gateway/codec/xml-document.ts';
import type { Violation } from '../../../gateway/domain/rejection.ts';
import { readTypeFolders } from '../../support/schema-folder.ts';
import { readSchemaFiles } from '../../support/standing.ts';

const catalogue = compileCatalogue(readSchemaFiles());

/** An example of the type with one fact changed. */
function change(type: string, name: string, edit: (text: string) => string): string {
  const folder = readTypeFolders().find(({ definition }) => definition.berichttype === type);
  const text = folder?.valid.find((one) => one.name === name)?.bytes.toString('utf8') ?? '';
  const edited = edit(text);
  if (edited === text) throw new RangeError('the edit changes nothing');
  return edited;
}

/** What the rules of the type say of a bericht that its schema accepts. */
function judge(type: string, text: string): readonly Violation[] {
  const opened = openXml(Buffer.from(text));
  if (!opened.ok) throw new RangeError(opened.error.code);
  try {
    return judgeDocument(type, opened.value);
  } finally {
    opened.value.dispose();
  }
}

function judgeDocument(type: string, document: XmlMessage): readonly Violation[] {
  const content: Content = { format: 'xml', document, stuf: true };
  const [definition] = catalogue.types.get(type) ?? [];
  expect(definition?.xsd?.validate(document)).toEqual([]);
  return definition?.businessRules?.validate(content) ?? [];
}

const vto = (edit: (text: string) => string): readonly Violation[] => judge('vtoDi01', change('vtoDi01', 'uitgebreid.xml', edit));
const DOCUMENT = '/vtoDi01/object/heeftRelevant/gerelateerde';
const CHILD = /<BG:inp\.bsn>999999680[\s\S]*?<\/ZKN:natuurlijkPersoon>/;
const inChild = (from: RegExp | string, to: string) => (text: string): string =>
  text.replace(CHILD, (child) => child.replace(from, to));
/** The last document made so large that all are of so many octets together. */
const sized = (octets: number) => (text: string): string => {
  const documents = [...text.matchAll(/contentType="text\/plain">([^<]+)<\/ZKN:inhoud>/g)].map(([, base64 = '']) => base64);
  const last = documents.pop() ?? '';
  const others = documents.reduce((total, base64) => total + Buffer.from(base64, 'base64').byteLength, 0);
  return text.replace(last, Buffer.alloc(octets - others).toString('base64'));
};

type Edit = (text: string) => string;

/** Of each rule: what breaks it, and the same with the one fact that keeps it. */
const TWINS: readonly (readonly [rule: string, what: string, place: string, broken: Edit, kept: Edit])[] = [
  [
    'CORV-A3.4',
    'a child without geslachtsnaam',
    '/vtoDi01/object/heeftBetrekkingOp/gerelateerde/natuurlijkPersoon',
    inChild('<BG:geslachtsnaam>Aa</BG:geslachtsnaam>', ''),
    inChild('Aa</BG:geslachtsnaam>', 'Ab</BG:geslachtsnaam>'),
  ],
  [
    'CORV-A3.4',
    'a child without geboortedatum',
    '/vtoDi01/object/heeftBetrekkingOp/gerelateerde/natuurlijkPersoon',
    inChild(/<BG:geboortedatum>.*<\/BG:geboortedatum>/, ''),
    inChild('20111023', '20111024'),
  ],
  [
    'CORV-A3.4',
    'a child without geslacht, but not one that is not born',
    '/vtoDi01/object/heeftBetrekkingOp/gerelateerde/natuurlijkPersoon',
    inChild(/<BG:geslachtsaanduiding>.*<\/BG:geslachtsaanduiding>/, ''),
    (text) =>
      inChild(/<BG:geslachtsaanduiding>.*<\/BG:geslachtsaanduiding>/, '')(text).replace(
        /(999999680[\s\S]*?)Client \(kind\)/,
        '$1Client (ongeboren kind)',
      ),
  ],
  [
    'CORV-A5.6',
    'a person who is belanghebbende twice',
    '/vtoDi01/object/heeftAlsBelanghebbende/gerelateerde/natuurlijkPersoon/inp.bsn',
    (text) => text.replace('999999643', '999999655'),
    (text) => text.replace('999999643', '999999667'),
  ],
  [
    'CORV-A9.1',
    'two documents that are the verzoek itself',
    `${DOCUMENT}/dct.omschrijving`,
    (text) => text.replace('>Hulpverleningsrapportage<', '>Verzoek tot onderzoek RvdK<'),
    (text) => text.replace('>Hulpverleningsrapportage<', '>Diagnostisch onderzoek<'),
  ],
  [
    'CORV-A9.1',
    'no document that is the verzoek itself',
    `${DOCUMENT}/dct.omschrijving`,
    (text) => text.replace('>Verzoek tot onderzoek RvdK<', '>Diagnostisch onderzoek<'),
    (text) => text.replace('>Hulpverleningsrapportage<', '>Diagnostisch onderzoek<'),
  ],
  [
    'CORV-A9.2',
    'documents of one octet over 21 MB together',
    `${DOCUMENT}/inhoud`,
    sized(21 * 1024 * 1024 + 1),
    sized(21 * 1024 * 1024),
  ],
  [
    'CORV-A9.3',
    'two documents that are the gezinsgeschiedenis',
    `${DOCUMENT}/dct.omschrijving`,
    (text) => text.replace('>Hulpverleningsrapportage<', '>Gezinsgeschiedenis<'),
    (text) => text.replace('>Hulpverleningsrapportage<', '>Diagnostisch onderzoek<'),
  ],
  [
    'CORV-A9.6',
    'a file name that begins with a space',
    `${DOCUMENT}/inhoud/@bestandsnaam`,
    (text) => text.replace('"gezinsgeschiedenis.txt"', '" gezin.txt"'),
    (text) => text.replace('"gezinsgeschiedenis.txt"', '"gezin_1 (kopie)-2.txt"'),
  ],
  [
    'CORV-A9.6',
    'a file name with a slash',
    `${DOCUMENT}/inhoud/@bestandsnaam`,
    (text) => text.replace('"gezinsgeschiedenis.txt"', '"map/gezin.txt"'),
    (text) => text.replace('"gezinsgeschiedenis.txt"', '"map_gezin.txt"'),
  ],
  [
    'CORV-A9.6',
    'a file without a name',
    `${DOCUMENT}/inhoud/@bestandsnaam`,
    (text) => text.replace('"gezinsgeschiedenis.txt"', '""'),
    (text) => text.replace('"gezinsgeschiedenis.txt"', '"g"'),
  ],
  [
    'CORV-MIME',
    'a document that is a program',
    `${DOCUMENT}/inhoud/@contentType`,
    (text) => text.replace('contentType="text/plain"', 'contentType="application/x-msdownload"'),
    (text) => text.replace('contentType="text/plain"', 'contentType="application/pdf"'),
  ],
  [
    'CORV-MIME',
    'a document of no type',
    `${DOCUMENT}/inhoud/@contentType`,
    (text) => text.replace(' xmime:contentType="text/plain"', ''),
    (text) => text.replace('contentType="text/plain"', 'contentType="image/png"'),
  ],
  [
    'CORV-naam-indiener',
    'who asks without a name',
    '/vtoDi01/object/heeftAlsUitvoerende/gerelateerde/nietNatuurlijkPersoon/statutaireNaam',
    (text) => text.replace('>Gemeente Arnhem</BG:statutaireNaam>', '> </BG:statutaireNaam>'),
    (text) => text.replace('>Gemeente Arnhem</BG:statutaireNaam>', '>A</BG:statutaireNaam>'),
  ],
];

describe('the rules of CORV for a vtoDi01', () => {
  it.each(TWINS)('%s: refuses %s, and takes its twin', (...twin) => {
    const [rule, , path, broken, kept] = twin;
    expect(vto(broken)).toEqual([{ path, rule }]);
    expect(vto(kept)).toEqual([]);
  });

  it('let an e-mail address of no more than 150 characters pass: the schema says so', () => {
    const address = (length: number): Edit => (text) =>
      text.replace('astrid@ouders.example', `${'a'.repeat(length - '@ouders.example'.length)}@ouders.example`);
    expect(vto(address(150))).toEqual([]);
    expect(() => vto(address(151))).toThrow();
  });

  it('take time linear in the number of persons and documents', () => {
    const many = (count: number): string => {
      const person = /<ZKN:heeftAlsBelanghebbende[\s\S]*?<\/ZKN:heeftAlsBelanghebbende>/;
      return change('vtoDi01', 'uitgebreid.xml', (text) =>
        text.replace(person, (one) =>
          Array.from({ length: count }, (_, index) => one.replace('999999655', String(100_000_000 + index))).join(''),
        ),
      );
    };
    const timeOf = (text: string): number => {
      const opened = openXml(Buffer.from(text));
      if (!opened.ok) throw new RangeError(opened.error.code);
      const content: Content = { format: 'xml', document: opened.value, stuf: true };
      const rules = catalogue.types.get('vtoDi01')?.[0]?.businessRules;
      rules?.validate(content);
      const from = process.cpuUsage();
      rules?.validate(content);
      const { user } = process.cpuUsage(from);
      opened.value.dispose();
      return user;
    };
    // Quadratic would be 16 times 16.
    expect(timeOf(many(8000)) / Math.max(timeOf(many(500)), 1000)).toBeLessThan(100);
  });
});

describe('the rule of CORV for a zorgmeldingTerugkoppelingDi01', () => {
  const judged = (edit: Edit): readonly Violation[] =>
    judge('zorgmeldingTerugkoppelingDi01', change('zorgmeldingTerugkoppelingDi01', 'vervolgactie.xml', edit));
  const withoutVestiging: Edit = (text) => text.replace(/<ZKN:vestiging[\s\S]*?<\/ZKN:vestiging>/, '');

  it('CORV-D4.1: refuses a follow-up without the vestiging that does it, and takes no follow-up without', () => {
    const path = '/zorgmeldingTerugkoppelingDi01/object/heeftAlsBelanghebbende/gerelateerde/vestiging';
    expect(judged(withoutVestiging)).toEqual([{ path, rule: 'CORV-D4.1' }]);
    expect(judged((text) => withoutVestiging(text).replace('Vervolgactie nodig', 'Geen actie nodig'))).toEqual([]);
  });
});

describe('the rule for a virMelding', () => {
  it('V4: refuses a verwijderdatum of over two years after the report, and takes one of two years', () => {
    const [definition] = catalogue.types.get('virMelding') ?? [];
    const broken = (verwijderdatum: string): readonly Violation[] | undefined =>
      definition?.businessRules?.validate({
        format: 'json',
        value: { inhoud: { datumTijd: '2026-11-25T10:15:30.123Z', verwijderdatum } },
      });
    expect(broken('2028-11-25')).toEqual([]);
    expect(broken('2028-11-26')).toEqual([{ path: '/inhoud/verwijderdatum', rule: 'V4' }]);
  });
});

describe('the types of class dat', () => {
  const DAT = [
    ...['virMelding', 'virSignaal', 'vtRegisterCheck', 'vtRegisterUitslag', 'vtRegisterVerwijdering', 'facturatieControle'],
    ...['zvhAfschaling', 'verstrekkingToezicht', 'meldingBeroepskracht', 'signaal', 'signaalIntrekking', 'ketenregistratie'],
    ...['matchNotificatie', 'zorgcoordinatieToewijzing', 'zorgcoordinatieOverdracht', 'zorgcoordinatieAcceptatie'],
    ...['escalatie', 'escalatieUitspraak', 'contactBevestiging', 'betrokkenheidVraag', 'betrokkenheidAntwoord'],
  ];

  it('P1: are those that say that something is so, and no other', () => {
    const versions = [...catalogue.types.values()].flat();
    const dat = new Set(versions.filter(({ factsOnly }) => factsOnly).map(({ type }) => type));
    expect([...dat].sort()).toEqual(DAT.filter((type) => catalogue.types.has(type)).sort());
    expect(versions.filter(({ kind, factsOnly }) => kind === 'stuf' && factsOnly)).toEqual([]);
  });
});
