import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { create } from 'xmlbuilder2';
import { readJsonEnvelope } from '../../gateway/codec/envelope-json.ts';
import { readStufEnvelope, readWrapperEnvelope } from '../../gateway/codec/envelope-xml.ts';
import { parseStrictJson } from '../../gateway/codec/strict-json.ts';
import { openXml } from '../../gateway/codec/xml-document.ts';
import type { Address, Envelope } from '../../gateway/domain/message.ts';

/** Text as XML can hold it: no control characters, and not lost by any reader's trimming. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => !/[\p{C}\s&]/u.test(value));
const optional = fc.option(text, { nil: undefined });

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ kind: fc.constant('oin' as const), oin: text, role: text }),
  fc.record({ kind: fc.constant('municipality' as const), municipality: text, role: text }),
  fc.record({ kind: fc.constant('institution' as const), institution: text }),
);

const envelope: fc.Arbitrary<Envelope> = fc.record({
  environment: text,
  messageType: text,
  version: text,
  kenmerk: text,
  replyTo: optional,
  createdAt: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }),
  urgency: text,
  sender: fc.record({ oin: text, role: text, system: fc.constant('') }),
  recipient: address,
  processing: fc.record(
    { field: text, ground: text, consent: text, subjectInformed: text, reason: text },
    { requiredKeys: [] },
  ),
});

const stufEnvelope: fc.Arbitrary<Envelope> = fc.record({
  environment: fc.constant(undefined),
  messageType: fc.constant('vtoDi01'),
  version: fc.constant(undefined),
  kenmerk: text,
  replyTo: fc.constant(undefined),
  createdAt: fc.constant(undefined),
  urgency: fc.constant('nee'),
  sender: fc.tuple(text, text).map(([oin, application]) => ({
    oin,
    role: undefined,
    system: `${application}|`,
    stuf: { application, administration: undefined },
  })),
  recipient: fc.record({ kind: fc.constant('stuf' as const), oin: text, application: text, administration: optional }),
  processing: fc.constant({}),
});

describe('an envelope', () => {
  it('is read from JSON as it was written', () => {
    fc.assert(
      fc.property(envelope, (given) => {
        const value = parseStrictJson(Buffer.from(JSON.stringify({ stuurgegevens: toControl(given), inhoud: {} })));
        expect(value.ok && readJsonEnvelope(value.value)).toEqual(given);
      }),
    );
  });

  it('is read from the XML wrapper as it was written', () => {
    fc.assert(
      fc.property(envelope, (given) => {
        const xml = create().ele(BERICHT, 'bericht').ele(BERICHT, 'stuurgegevens').ele(toControl(given)).doc().end();
        expect(readXml(xml, readWrapperEnvelope)).toEqual(given);
      }),
    );
  });

  it('is read from StUF as it was written', () => {
    fc.assert(
      fc.property(stufEnvelope, (given) => {
        const control = create().ele(JZ, 'j:vtoDi01').ele(JZ, 'j:stuurgegevens');
        const xml = control.ele(toStuf(given)).doc().end();
        expect(readXml(xml, readStufEnvelope)).toEqual(given);
      }),
    );
  });
});

const BERICHT = 'urn:doorgeefluik:bericht:1';
const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';

function readXml(xml: string, read: typeof readWrapperEnvelope): Envelope | string {
  const opened = openXml(Buffer.from(xml));
  if (!opened.ok) return opened.error.code;
  const found = read(opened.value.document.root);
  opened.value.dispose();
  return found;
}

function toControl(given: Envelope): object {
  const { processing, recipient, sender } = given;
  return withoutAbsent({
    omgeving: given.environment,
    berichttype: given.messageType,
    versie: given.version,
    kenmerk: given.kenmerk,
    antwoordOp: given.replyTo,
    tijdstip: new Date(given.createdAt ?? 0).toISOString(),
    urgent: given.urgency,
    afzender: withoutAbsent({ oin: sender.oin, rol: sender.role }),
    ontvanger: toAddress(recipient),
    verwerking: withoutAbsent({
      werkveld: processing.field,
      grondslag: processing.ground,
      toestemming: processing.consent,
      betrokkeneGeinformeerd: processing.subjectInformed,
      redenCode: processing.reason,
    }),
  });
}

function toAddress(recipient: Address): object {
  switch (recipient.kind) {
    case 'municipality':
      return { gemeentecode: recipient.municipality, rol: recipient.role };
    case 'institution':
      return { instantiecode: recipient.institution };
    case 'oin':
      return { oin: recipient.oin, rol: recipient.role };
    case 'stuf':
      return withoutAbsent({
        organisatie: recipient.oin,
        applicatie: recipient.application,
        administratie: recipient.administration,
      });
  }
}

function toStuf({ kenmerk, recipient, sender }: Envelope): object {
  const parties = {
    zender: { organisatie: sender.oin, applicatie: sender.system.slice(0, -1) },
    ontvanger: toAddress(recipient),
    referentienummer: kenmerk,
  };
  return Object.fromEntries(
    Object.entries(parties).map(([name, value]) => [
      name,
      typeof value === 'string' ? { '@xmlns': STUF, '#': value } : { '@xmlns': STUF, ...value },
    ]),
  );
}

function withoutAbsent(members: Readonly<Record<string, string | object | undefined>>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const STUF = 'http://www.egem.nl/StUF/StUF0301';
