import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SignatureForm } from '../../../gateway/domain/message.ts';
import { judge } from '../../../gateway/pipeline/judge.ts';
import type { JudgedMessage } from '../../../gateway/pipeline/judge.ts';
import type { Incoming } from '../../../gateway/pipeline/receive.ts';
import type { Standing } from '../../../gateway/services/parts.ts';
import { certificateOf, edit, freshBericht, freshBerichten, NOW, oinOf, withHeaders } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import { bySupplier, fromNijmegen } from '../../support/refusals.ts';
import type { RuleChanges, RuleRow } from '../../support/standing.ts';
import { routeOf } from '../../support/routes.ts';
import { addRows, changeRow, openWorkshop, opdracht } from '../../support/workshop.ts';

const shop = openWorkshop();
describe('judge, every type in every form', () => {
  const sendings = freshBerichten().flatMap((bericht) => formsOf(bericht).map((form) => ({ ...bericht, form })));

  it.each(sendings)('takes $type $name $form to its one point with the right facts', ({ form, ...bericht }) => {
    const { tls, signing } = shop.pki.participant(bericht.sender);
    const incoming = shop.sendAs(bericht, { caller: tls, signer: signing, form });
    const oin = oinOf(bericht.sender);
    const judged = accept(incoming);
    const { reply, ...facts } = judged.facts;
    expect(facts).toEqual({
      ...routeOf(bericht),
      environment: 'ontwikkeling',
      messageType: bericht.type,
      version: bericht.version,
      sender: oin,
      submittedBy: oin,
      signedBy: oin,
      signer: certificateOf(signing).thumbprint,
      addressed: expect.stringMatching(/^(oin:\d{20}(\/[A-Z_]+)?|gemeentecode:\d{4}\/[A-Z_]+|instantiecode:AST095)$/),
      ruleSetHash: shop.plain.rules.hash,
      sizeKb: Math.ceil(incoming.body.byteLength / 1024),
      receivedAt: NOW,
    });
    const { sendRules, types } = shop.plain.rules;
    const row = sendRules.get(bericht.type)?.find(({ id }) => id === facts.ruleId);
    expect(reply?.types).toEqual((row?.reply ?? types.get(bericht.type)?.reply)?.types);
    expect(judged.kenmerk).toBe(bericht.kenmerk);
    expect(judged.repeatKey.sender).toBe(JSON.stringify([oin, systemOf(bericht), bericht.kenmerk]));
  });

  it.each(sendings)('hands on the octets of $type $name $form as they came', ({ form, ...bericht }) => {
    const incoming = shop.sendAs(bericht, { form });
    expect(accept(incoming).content).toEqual({
      contentType: `application/${bericht.format}`,
      payloadSignature: incoming.headers.get('payload-signature')?.[0],
      digest: createHash('sha256').update(incoming.body).digest('base64'),
      body: incoming.body,
    });
  });
});

describe('judge, parties that act for another', () => {
  it('takes a bericht that the sender signed and its supplier brings', () => {
    const { caller } = bySupplier(shop.pki);
    expect(accept(shop.sendAs(freshBericht('vtoDi01'), { caller })).facts).toMatchObject({
      sender: oinOf('gemeente-arnhem'),
      signedBy: oinOf('gemeente-arnhem'),
      submittedBy: oinOf('leverancier'),
    });
  });

  it('takes a bericht that the supplier signs and brings under its mandate', () => {
    expect(accept(shop.sendAs(fromNijmegen(), bySupplier(shop.pki))).facts).toMatchObject({
      sender: oinOf('gemeente-nijmegen'),
      signedBy: oinOf('leverancier'),
      submittedBy: oinOf('leverancier'),
    });
  });

  it('takes a connection certificate that signs as well, without sending it along', () => {
    const { tls } = shop.pki.participant('rvdk');
    const facts = accept(shop.sendAs(opdracht(), { signer: tls, includeChain: false })).facts;
    expect(facts.signer).toBe(certificateOf(tls).thumbprint);
  });

  it('takes the pinned certificates of a party', () => {
    const { tls, signing } = shop.pki.participant('rvdk');
    const vastgezet = [tls, signing].map((issued) => certificateOf(issued).fingerprint);
    const pinned = shop.withRules({ deelnemers: changeRow({ oin: oinOf('rvdk') }, { vastgezet }) });
    expect(accept(shop.sendAs(opdracht()), pinned).facts.sender).toBe(oinOf('rvdk'));
  });
});

describe('judge, ways to address', () => {
  const toGemeente = addRows({
    id: 'opdracht-gemeente',
    berichttype: 'opdrachtTb',
    afzender: 'RVDK',
    ontvanger: 'GEMEENTE',
  });
  const whole = changeRow({ gemeentecode: '0282' }, { geheel: true });
  const to = (ontvanger: Readonly<Record<string, string>>): Incoming => shop.sendAs(opdracht({ ontvanger }));
  const gi = oinOf('gi-jeugdbescherming-gelderland');

  interface Row {
    readonly what: string;
    readonly ontvanger: Readonly<Record<string, string>>;
    readonly connectionPoint: string;
    readonly addressed: string;
    readonly rules?: RuleChanges;
  }

  it.each<Row>([
    {
      what: 'an OIN',
      ontvanger: { oin: gi, rol: 'GI' },
      connectionPoint: 'gi-gelderland',
      addressed: `oin:${gi}/GI`,
    },
    {
      what: 'an instantiecode',
      ontvanger: { instantiecode: 'AST095' },
      connectionPoint: 'gi-gelderland',
      addressed: 'instantiecode:AST095',
    },
    {
      what: 'a gemeentecode',
      ontvanger: { gemeentecode: '0202', rol: 'GEMEENTE' },
      connectionPoint: 'arnhem-notificaties',
      addressed: 'gemeentecode:0202/GEMEENTE',
      rules: { verzendmatrix: toGemeente },
    },
    {
      what: 'a gemeentecode served by a supplier',
      ontvanger: { gemeentecode: '0268', rol: 'GEMEENTE' },
      connectionPoint: 'nijmegen-notificaties',
      addressed: 'gemeentecode:0268/GEMEENTE',
      rules: { verzendmatrix: toGemeente },
    },
    {
      what: 'a gemeentecode that went over as a whole',
      ontvanger: { gemeentecode: '0282', rol: 'GEMEENTE' },
      connectionPoint: 'nijmegen-notificaties',
      addressed: 'gemeentecode:0282/GEMEENTE',
      rules: { verzendmatrix: toGemeente, opvolging: whole },
    },
    {
      what: 'a gemeentecode that went over twice',
      ontvanger: { gemeentecode: '0281', rol: 'GEMEENTE' },
      connectionPoint: 'nijmegen-notificaties',
      addressed: 'gemeentecode:0281/GEMEENTE',
      rules: {
        verzendmatrix: toGemeente,
        opvolging: (rows) => addRows(goesOver('0281', '0282', '2015-01-01'))(whole(rows)),
      },
    },
    {
      what: 'a gemeentecode that goes over tomorrow',
      ontvanger: { gemeentecode: '0202', rol: 'GEMEENTE' },
      connectionPoint: 'arnhem-notificaties',
      addressed: 'gemeentecode:0202/GEMEENTE',
      rules: { verzendmatrix: toGemeente, opvolging: addRows(goesOver('0202', '0268', '2026-11-26')) },
    },
  ])('finds the point of $what and says how it was addressed', ({ ontvanger, rules = {}, ...expected }) => {
    const { facts } = accept(to(ontvanger), shop.withRules(rules));
    expect(facts).toMatchObject({ connectionPoint: expected.connectionPoint, addressed: expected.addressed });
  });

  function goesOver(gemeentecode: string, opvolger: string, vanaf: string): RuleRow {
    return { gemeentecode, opvolgers: [opvolger], geheel: true, vanaf };
  }

  it('finds the new point of a recipient beside the one that ended', () => {
    const moved = shop.withRules({
      aansluitpunten: (rows) => [
        ...changeRow({ id: 'gi-gelderland' }, { tot: '2026-11-25' })(rows),
        { ...rows.find(({ id }) => id === 'gi-gelderland'), id: 'gi-nieuw' },
      ],
    });
    expect(accept(to({ oin: gi, rol: 'GI' }), moved).facts.connectionPoint).toBe('gi-nieuw');
    expect(accept(to({ instantiecode: 'AST095' }), moved).facts.connectionPoint).toBe('gi-nieuw');
  });

  it('finds the new party of a gemeentecode beside the one that ended', () => {
    const moved = shop.withRules({
      deelnemers: (rows) => changeRow({ gemeentecode: '0202' }, { gemeentecode: '0268', tot: '2026-11-25' })(rows),
      verzendmatrix: toGemeente,
    });
    const found = accept(to({ gemeentecode: '0268', rol: 'GEMEENTE' }), moved);
    expect(found.facts.connectionPoint).toBe('nijmegen-notificaties');
  });
});

describe('judge, addresses of StUF', () => {
  const vto = freshBericht('vtoDi01');
  const withAddress = (application: string, administration?: string): Bericht =>
    edit(vto, (text) =>
      text.replace(
        '<StUF:applicatie>RvdK-applicatie</StUF:applicatie>',
        `<StUF:applicatie>${application}</StUF:applicatie>${
          administration === undefined ? '' : `<StUF:administratie>${administration}</StUF:administratie>`
        }`,
      ),
    );
  const points = shop.withRules({
    aansluitpunten: (rows) => {
      const { applicatie, ...first } = rows.find(({ id }) => id === 'rvdk-verzoeken') ?? {};
      return [
        ...rows.filter(({ id }) => id !== 'rvdk-verzoeken'),
        { ...first, id: 'rvdk-zonder' },
        { ...first, id: 'rvdk-applicatie', rol: 'RVDK_TWEE', applicatie },
        { ...first, id: 'rvdk-administratie', rol: 'RVDK_DRIE', administratie: 'Arnhem' },
        { ...first, id: 'rvdk-ander-type', applicatie, administratie: 'Arnhem', berichttypen: ['meldingStartTb'] },
      ];
    },
    deelnemers: changeRow({ oin: oinOf('rvdk') }, { rollen: ['RVDK', 'RVDK_TWEE', 'RVDK_DRIE'] }),
    verzendmatrix: addRows(
      { id: 'vto-twee', berichttype: 'vtoDi01', afzender: 'GEMEENTE', ontvanger: 'RVDK_TWEE' },
      { id: 'vto-drie', berichttype: 'vtoDi01', afzender: 'GEMEENTE', ontvanger: 'RVDK_DRIE' },
    ),
  });

  it.each([
    { how: 'by its administratie', bericht: withAddress('RvdK-applicatie', 'Arnhem'), to: 'rvdk-administratie' },
    { how: 'by its applicatie', bericht: vto, to: 'rvdk-applicatie' },
    {
      how: 'by its applicatie when the administratie is nobody’s',
      bericht: withAddress('RvdK-applicatie', 'Onbekend'),
      to: 'rvdk-applicatie',
    },
    { how: 'by the type’s own role when nothing else fits', bericht: withAddress('Onbekend'), to: 'rvdk-zonder' },
  ])('finds the point $how', ({ bericht, to }) => {
    const { facts } = accept(shop.sendAs(bericht), points);
    expect(facts).toMatchObject({ connectionPoint: to, addressed: `oin:${oinOf('rvdk')}` });
  });

  it('never routes by the zaakidentificatie', () => {
    const other = edit(vto, (text) => text.replace('0202JZ2026000001', '0268JZ2026000001'));
    expect(accept(shop.sendAs(other)).facts.connectionPoint).toBe('rvdk-verzoeken');
  });

  it('keeps the kenmerken of two applications of one organisation apart', () => {
    const second = edit(vto, (text) => text.replace('>jeugd-applicatie<', '>andere-applicatie<'));
    const [one, other] = [vto, second].map((bericht) => accept(shop.sendAs(bericht)).repeatKey.sender);
    expect(one).not.toBe(other);
  });
});

describe('judge, answers of StUF', () => {
  const answer = freshBericht('Bv01Bericht');
  const applicatie = (name: string): string => `<StUF:applicatie>${name}</StUF:applicatie>`;
  const fromArnhem = (system: string): Bericht => {
    const [zender = '', ontvanger = ''] = ['zender', 'ontvanger'].map(
      (party) => new RegExp(`<StUF:${party}>([\\s\\S]*?)</StUF:${party}>`).exec(answer.text)?.[1] ?? '',
    );
    const own = ontvanger.replace(applicatie('jeugd-applicatie'), system);
    const turned = edit(answer, (text) => text.replace(ontvanger, '@').replace(zender, own).replace('@', zender));
    return { ...turned, sender: 'gemeente-arnhem' };
  };
  it('names the bericht it answers by the system that it is addressed to', () => {
    expect(accept(shop.sendAs(answer)).answer).toMatchObject({
      requiredTypes: expect.arrayContaining(['vtoDi01']),
      names: { sent: JSON.stringify([oinOf('gemeente-arnhem'), 'jeugd-applicatie|', 'arnhem-2026-000002']) },
      path: '/stuurgegevens/crossRefnummer',
    });
  });

  it.each([
    ['its applicatie', applicatie('jeugd-applicatie'), 'GEMEENTE'],
    ['the applicatie of another of its points', applicatie('notificatie-applicatie'), 'GEMEENTE_NOTIFICATIES'],
    [
      'the administratie of a point, before any applicatie',
      `${applicatie('jeugd-applicatie')}<StUF:administratie>Arnhem</StUF:administratie>`,
      'GEMEENTE_NOTIFICATIES',
    ],
  ])('finds in which of its roles a sender answers by %s', (_how, system, senderRole) => {
    const point = { id: 'arnhem-ontvanger-notificaties' };
    const rules = shop.withRules({ aansluitpunten: changeRow(point, { administratie: 'Arnhem' }) });
    const { facts } = accept(shop.sendAs(fromArnhem(system)), rules);
    expect(facts).toMatchObject({ senderRole, recipientRole: 'RVDK', connectionPoint: 'rvdk-verzoeken' });
  });

  it.each([
    ['gemeente-arnhem', 'arnhem-notificaties'],
    ['gi-jeugdbescherming-gelderland', 'gi-gelderland'],
  ] as const)(
    'goes to the one role of %s that its sender may answer when no point has its applicatie',
    (name, point) => {
      const elsewhere = edit(answer, (text) =>
        text.replace(oinOf('gemeente-arnhem'), oinOf(name)).replace('>jeugd-applicatie<', '>andere-applicatie<'),
      );
      expect(accept(shop.sendAs(elsewhere)).facts.connectionPoint).toBe(point);
    },
  );
});

describe('judge, repeats', () => {
  it('gives the same repeat key to the same bericht under another signature', () => {
    const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
    for (const form of ['detached', 'enveloped'] as const) {
      const first = accept(shop.sendAs(wrapped, { form, signedAt: NOW - 1000 }));
      const again = accept(shop.sendAs(wrapped, { form, signedAt: NOW }));
      expect(again.repeatKey).toEqual(first.repeatKey);
      expect(again.content).not.toEqual(first.content);
    }
  });

  it('takes the header names of nothing but its own four, in any form of the content type it knows', () => {
    const incoming = withHeaders(shop.sendAs(opdracht()), {
      'content-type': ['Application/JSON; charset=UTF-8'],
      'x-route-to': ['elders'],
      kenmerk: ['111222333'],
    });
    expect(accept(incoming).content.contentType).toBe('application/json');
  });
});

function accept(incoming: Incoming, standing: Standing = shop.plain): JudgedMessage {
  const judged = judge(incoming, { ...standing, now: NOW });
  if (!judged.ok) throw new RangeError(JSON.stringify(judged.error));
  return judged.value;
}

function formsOf({ stuf, format }: Bericht): readonly SignatureForm[] {
  return stuf || format === 'json' ? ['detached'] : ['detached', 'enveloped'];
}

function systemOf({ stuf, text }: Bericht): string {
  const [, application] = /<StUF:zender>[\s\S]*?<StUF:applicatie>([^<]*)/.exec(text) ?? [];
  return stuf ? `${String(application)}|` : '';
}
