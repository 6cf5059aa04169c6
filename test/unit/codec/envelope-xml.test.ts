import { afterEach, describe, expect, it } from '@jest/globals';
import {
  expectedClaim,
  readStufEnvelope,
  readWrapperEnvelope,
  stufControl,
  stufText,
  wrapperText,
} from '../../../gateway/codec/envelope-xml.ts';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import type { XmlMessage } from '../../../gateway/codec/xml-document.ts';
import { freshBericht, NOW } from '../../support/berichten.ts';

const opened: XmlMessage[] = [];
afterEach(() => {
  for (const message of opened.splice(0)) message.dispose();
});

const rootOf = (text: string): XmlMessage['document']['root'] => {
  const message = openXml(Buffer.from(text));
  if (!message.ok) throw new RangeError(message.error.code);
  opened.push(message.value);
  return message.value.document.root;
};
const wrap = (content: string): string => `<bericht xmlns="urn:doorgeefluik:bericht:1">${content}</bericht>`;
const stuf = (content: string): string =>
  `<j:vtoDi01 xmlns:j="urn:jz" xmlns="http://www.egem.nl/StUF/StUF0301">${content}</j:vtoDi01>`;

describe('readWrapperEnvelope', () => {
  it('reads the same facts as the JSON of the same bericht', () => {
    const bericht = freshBericht('meldingStartTb', 'xml', 'melding-start.xml');
    expect(readWrapperEnvelope(rootOf(bericht.text))).toEqual({
      environment: 'ontwikkeling',
      messageType: 'meldingStartTb',
      version: '1.0',
      kenmerk: bericht.kenmerk,
      replyTo: '3f0a6c52-8f0e-4c61-9d3c-5a7be1f2c001',
      createdAt: NOW,
      urgency: 'nee',
      sender: { oin: '00000001802611266000', role: 'GI', system: '' },
      recipient: { kind: 'oin', oin: '00000002003214436001', role: 'RVDK' },
      processing: { field: 'JR', ground: 'WET', consent: 'nvt', subjectInformed: 'ja' },
    });
  });

  it.each([
    [
      '<gemeentecode>0202</gemeentecode><rol>GEMEENTE</rol>',
      { kind: 'municipality', municipality: '0202', role: 'GEMEENTE' },
    ],
    ['<instantiecode>AST095</instantiecode>', { kind: 'institution', institution: 'AST095' }],
  ])('reads the address %s', (address, recipient) => {
    const root = rootOf(wrap(`<stuurgegevens><ontvanger>${address}</ontvanger></stuurgegevens>`));
    expect(readWrapperEnvelope(root).recipient).toEqual(recipient);
  });

  it('reads a document without stuurgegevens, which no schema accepts, without a fact', () => {
    const { createdAt, kenmerk, messageType, sender, urgency } = readWrapperEnvelope(rootOf(wrap('')));
    expect([createdAt, kenmerk, messageType, urgency]).toEqual([undefined, '', '', '']);
    expect(sender).toEqual({ oin: '', role: undefined, system: '' });
  });

  it('reads nothing of an element in another namespace', () => {
    const root = rootOf(wrap('<stuurgegevens><x:kenmerk xmlns:x="urn:x">a</x:kenmerk></stuurgegevens>'));
    expect(readWrapperEnvelope(root).kenmerk).toBe('');
  });

  it('reads a value whole that a comment splits', () => {
    const control = rootOf('<a xmlns="urn:doorgeefluik:bericht:1"><kenmerk>ab<!-- c -->d<![CDATA[e]]></kenmerk></a>');
    expect(wrapperText(control, 'kenmerk')).toBe('abde');
    expect(wrapperText(control, 'rol')).toBeUndefined();
    expect(wrapperText(undefined, 'rol')).toBeUndefined();
  });
});

describe('readStufEnvelope', () => {
  it('reads sender, recipient and kenmerk, and no fact that StUF lacks', () => {
    const bericht = freshBericht('vtoDi01', 'xml', 'minimaal.xml');
    expect(readStufEnvelope(rootOf(bericht.text))).toEqual({
      environment: undefined,
      messageType: 'vtoDi01',
      version: undefined,
      kenmerk: bericht.kenmerk,
      replyTo: undefined,
      createdAt: undefined,
      urgency: 'nee',
      sender: {
        oin: '00000001001825112000',
        role: undefined,
        system: 'jeugd-applicatie|',
        stuf: { application: 'jeugd-applicatie', administration: undefined },
      },
      recipient: {
        kind: 'stuf',
        oin: '00000002003214436001',
        application: 'RvdK-applicatie',
        administration: undefined,
      },
      processing: {},
    });
  });

  it('reads the administratie of both parties', () => {
    const party = '<organisatie>1</organisatie><applicatie>2</applicatie><administratie>3</administratie>';
    const root = rootOf(
      stuf(`<stuurgegevens><zender>${party}</zender><ontvanger>${party}</ontvanger></stuurgegevens>`),
    );
    const { recipient, sender } = readStufEnvelope(root);
    const stufSystem = { application: '2', administration: '3' };
    expect(sender).toEqual({ oin: '1', role: undefined, system: '2|3', stuf: stufSystem });
    expect(recipient).toEqual({ kind: 'stuf', oin: '1', application: '2', administration: '3' });
  });

  it('reads the number of the bericht that a StUF answer answers', () => {
    const bericht = freshBericht('Bv01Bericht', 'xml', 'bevestiging.xml');
    expect(readStufEnvelope(rootOf(bericht.text))).toMatchObject({
      messageType: 'Bv01Bericht',
      kenmerk: bericht.kenmerk,
      replyTo: 'arnhem-2026-000001',
      sender: { oin: '00000002003214436001', system: 'RvdK-applicatie|' },
    });
    const crossed = stuf('<j:stuurgegevens><crossRefnummer>vraag-1</crossRefnummer></j:stuurgegevens>');
    expect(readStufEnvelope(rootOf(crossed)).replyTo).toBe('vraag-1');
  });

  it('finds stuurgegevens in the namespace of the document or of StUF, and nowhere else', () => {
    const code = '<berichtcode>Di01</berichtcode>';
    const own = rootOf(stuf(`<j:stuurgegevens>${code}</j:stuurgegevens>`));
    const general = rootOf(stuf(`<stuurgegevens>${code}</stuurgegevens>`));
    const other = rootOf(stuf(`<x:stuurgegevens xmlns:x="urn:x">${code}</x:stuurgegevens>`));
    expect([own, general, other].map((root) => stufText(stufControl(root), 'berichtcode'))).toEqual([
      'Di01',
      'Di01',
      undefined,
    ]);
  });

  it('reads a document without stuurgegevens, which no schema accepts, without a fact', () => {
    const { kenmerk, recipient, sender } = readStufEnvelope(rootOf(stuf('')));
    expect([kenmerk, sender.oin, sender.system]).toEqual(['', '', '|']);
    expect(recipient).toEqual({ kind: 'stuf', oin: '', application: '', administration: undefined });
  });
});

describe('expectedClaim', () => {
  it('takes the berichtcode from the end of a name of a koppelvlak, and the whole name as functie', () => {
    expect(expectedClaim(rootOf(stuf('')))).toEqual({ berichtcode: 'Di01', functie: 'vtoDi01' });
  });

  it.each(['Bv01', 'Fo01', 'Fo03'])(
    'takes the berichtcode %s from the begin of a name of StUF, without functie',
    (code) => {
      const root = rootOf(`<${code}Bericht xmlns="http://www.egem.nl/StUF/StUF0301"/>`);
      expect(expectedClaim(root)).toEqual({ berichtcode: code, functie: undefined });
    },
  );
});
