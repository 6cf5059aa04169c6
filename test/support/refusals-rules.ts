import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import { edit, freshBericht, NOW, oinOf } from './berichten.ts';
import type { Bericht } from './berichten.ts';
import { bySupplier, fromNijmegen } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import type { RuleChanges } from './standing.ts';
import { addRows, changeRow, dropRow, opdracht } from './workshop.ts';
import type { Workshop } from './workshop.ts';

type Row = readonly [what: string, code: RejectionCode, incoming: () => Incoming, rules?: RuleChanges];

/** What is wrong with who sends, signs and brings together, with its time, its purpose, or its stop. */
export function authoriseRefusals({ pki, sendAs, withRules }: Workshop): readonly Refusal[] {
  const supplier = bySupplier(pki);
  const vto = freshBericht('vtoDi01');
  const arnhem = pki.participant('gemeente-arnhem');
  const mandate = { gemachtigde: oinOf('leverancier'), namens: oinOf('gemeente-arnhem') };
  const ofNijmegen = { gemachtigde: oinOf('leverancier'), namens: oinOf('gemeente-nijmegen') };
  const brought = (): Incoming => sendAs(vto, { caller: supplier.caller });
  const old = NOW - WEEK_MS - 1;
  const ahead = NOW + FIVE_MINUTES_MS + 1;
  const at = (time: number): Bericht => opdracht({ tijdstip: new Date(time).toISOString() });
  const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
  const stopped = (oin: string): RuleChanges => ({ stop: { deelnemers: [oin] } });
  return toRefusals(withRules, [
    [
      'a bericht of A brought by its recipient',
      'ERR_MANDATE_SUBMIT_MISSING',
      () => sendAs(vto, { caller: pki.participant('rvdk').tls }),
    ],
    [
      'a bericht of A brought by a supplier without mandate',
      'ERR_MANDATE_SUBMIT_MISSING',
      brought,
      { machtigingen: dropRow(mandate) },
    ],
    [
      'a supplier with a mandate for another type',
      'ERR_MANDATE_SUBMIT_MISSING',
      brought,
      { machtigingen: changeRow(mandate, { typen: ['opdrachtTb'] }) },
    ],
    [
      'a supplier with a mandate for another task',
      'ERR_MANDATE_SUBMIT_MISSING',
      brought,
      { machtigingen: changeRow(mandate, { taken: ['ontvangen', 'inzien', 'ondertekenen'] }) },
    ],
    [
      'a supplier whose mandate ended yesterday',
      'ERR_MANDATE_SUBMIT_MISSING',
      brought,
      { machtigingen: changeRow(mandate, { tot: '2026-11-24' }) },
    ],
    [
      'a supplier whose mandate begins tomorrow',
      'ERR_MANDATE_SUBMIT_MISSING',
      brought,
      { machtigingen: changeRow(mandate, { vanaf: '2026-11-26' }) },
    ],
    ['a bericht signed for A by a supplier who may not sign', 'ERR_MANDATE_SIGN_MISSING', () => sendAs(vto, supplier)],
    [
      'a bericht signed under a mandate that ended yesterday',
      'ERR_MANDATE_SIGN_MISSING',
      () => sendAs(fromNijmegen(), supplier),
      {
        machtigingen: (rows) => [
          ...changeRow(ofNijmegen, { taken: ['indienen', 'ontvangen'] })(rows),
          { ...ofNijmegen, taken: ['ondertekenen'], vanaf: '2026-01-01', tot: '2026-11-24' },
        ],
      },
    ],
    [
      'a bericht signed by another party',
      'ERR_MANDATE_SIGN_MISSING',
      () => sendAs(vto, { signer: pki.participant('gemeente-nijmegen').signing }),
    ],
    [
      'a bericht brought by A and signed by its supplier',
      'ERR_MANDATE_SIGN_MISSING',
      () => sendAs(fromNijmegen(), { signer: supplier.signer }),
    ],
    [
      'a sender that is not connected',
      'ERR_SENDER_UNKNOWN',
      () => sendAs(opdracht({ afzender: { oin: '00000001999999999000', rol: 'RVDK' } })),
    ],
    [
      'a sender that is no OIN',
      'ERR_SENDER_UNKNOWN',
      () => sendAs(opdracht({ afzender: { oin: '99999999999999999999', rol: 'RVDK' } })),
    ],
    [
      'a sender in a role it does not have',
      'ERR_SENDER_UNKNOWN',
      () => sendAs(opdracht({ afzender: { oin: oinOf('rvdk'), rol: 'GI' } })),
    ],
    [
      'a sender that ended, brought by its supplier',
      'ERR_SENDER_ENDED',
      brought,
      { deelnemers: changeRow({ oin: oinOf('gemeente-arnhem') }, { tot: '2026-11-25' }) },
    ],
    ['a signature over a week old', 'ERR_SIGNATURE_TIME_OLD', () => sendAs(vto, { signedAt: old })],
    ['a replay after eight days', 'ERR_SIGNATURE_TIME_OLD', () => sendAs(vto, { signedAt: NOW - 8 * DAY_MS })],
    [
      'an enveloped signature over a week old',
      'ERR_SIGNATURE_TIME_OLD',
      () => sendAs(wrapped, { form: 'enveloped', signedAt: old }),
    ],
    ['a tijdstip over a week old', 'ERR_SIGNATURE_TIME_OLD', () => sendAs(at(old))],
    ['a signature over five minutes ahead', 'ERR_SIGNATURE_TIME_FUTURE', () => sendAs(vto, { signedAt: ahead })],
    ['a tijdstip over five minutes ahead', 'ERR_SIGNATURE_TIME_FUTURE', () => sendAs(at(ahead))],
    ['a crisis', 'ERR_CRISIS_NOT_CARRIED', () => sendAs(opdracht({ urgent: 'crisis' }))],
    [
      'verwerking that is incomplete',
      'ERR_PROCESSING_INCOMPLETE',
      () => sendAs(opdracht({ verwerking: { werkveld: 'JR', redenCode: null } })),
    ],
    ['no verwerking at all', 'ERR_PROCESSING_INCOMPLETE', () => sendAs(opdracht({ verwerking: undefined }))],
    [
      'a type that the rules do not carry',
      'ERR_MESSAGE_TYPE_UNKNOWN',
      () => sendAs(vto),
      {
        berichttypen: dropRow({ berichttype: 'vtoDi01' }),
        // The rows of its answers name it too.
        verzendmatrix: (rows) => rows.filter((row) => !JSON.stringify(row).includes('"vtoDi01"')),
        machtigingen: dropRow(mandate),
      },
    ],
    ['a sender under an emergency stop', 'ERR_EMERGENCY_STOP', () => sendAs(vto), stopped(oinOf('gemeente-arnhem'))],
    ['a bringer under an emergency stop', 'ERR_EMERGENCY_STOP', brought, stopped(oinOf('leverancier'))],
    ['a recipient under an emergency stop', 'ERR_EMERGENCY_STOP', () => sendAs(vto), stopped(oinOf('rvdk'))],
    [
      'a type under an emergency stop',
      'ERR_EMERGENCY_STOP',
      () => sendAs(vto),
      { stop: { berichttypen: ['vtoDi01'] } },
    ],
    [
      'a sender under an emergency stop that signs by itself',
      'ERR_EMERGENCY_STOP',
      () => sendAs(vto, { signer: arnhem.signing, caller: supplier.caller }),
      stopped(oinOf('gemeente-arnhem')),
    ],
  ]);
}

/** What is wrong with the address, or with what stands there. */
export function routeRefusals({ sendAs, withRules }: Workshop): readonly Refusal[] {
  const vto = freshBericht('vtoDi01');
  const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
  const to =
    (ontvanger: Readonly<Record<string, string>>): (() => Incoming) =>
    () =>
      sendAs(opdracht({ ontvanger }));
  const gi = { oin: oinOf('gi-jeugdbescherming-gelderland') };
  const toGemeente = addRows({
    id: 'opdracht-rvdk-gemeente',
    berichttype: 'opdrachtTb',
    afzender: 'RVDK',
    ontvanger: 'GEMEENTE',
  });
  const point = { id: 'gi-gelderland' };
  const second = (rows: Readonly<Record<string, unknown>> = {}): RuleChanges => ({
    aansluitpunten: (all) => [...all, { ...all.find(({ id }) => id === point.id), id: 'gi-tweede', ...rows }],
  });
  const inNijmegen = to({ gemeentecode: '0268', rol: 'GEMEENTE' });
  return toRefusals(withRules, [
    ['a pair that is not in the matrix', 'ERR_ROUTE_NONE', to({ oin: oinOf('gemeente-arnhem'), rol: 'GEMEENTE' })],
    [
      'a StUF pair that is not in the matrix',
      'ERR_ROUTE_NONE',
      () => sendAs(vto),
      { verzendmatrix: dropRow({ berichttype: 'vtoDi01' }) },
    ],
    [
      'a sender with two roles that both may send, from a system that tells neither',
      'ERR_ROUTE_AMBIGUOUS',
      () => sendAs(edit(vto, (text) => text.replace('>jeugd-applicatie<', '>andere-applicatie<'))),
      { deelnemers: changeRow({ oin: oinOf('gemeente-arnhem') }, { rollen: [...ARNHEM_ROLES, 'GI'] }) },
    ],
    ['a recipient that is not connected', 'ERR_RECIPIENT_UNKNOWN', to({ oin: '00000001999999999000', rol: 'GI' })],
    ['a recipient that is no OIN', 'ERR_RECIPIENT_UNKNOWN', to({ oin: '99999999999999999999', rol: 'GI' })],
    ['a recipient in a role without point', 'ERR_RECIPIENT_UNKNOWN', to({ ...gi, rol: 'RVDK' })],
    [
      'a connected recipient without any point',
      'ERR_RECIPIENT_UNKNOWN',
      to({ oin: oinOf('leverancier'), rol: 'LEVERANCIER' }),
    ],
    [
      'a recipient whose point does not take the type',
      'ERR_RECIPIENT_UNKNOWN',
      to({ ...gi, rol: 'GI' }),
      { aansluitpunten: changeRow(point, { berichttypen: ['vtoDi01'] }) },
    ],
    ['an unknown gemeentecode', 'ERR_RECIPIENT_UNKNOWN', to({ gemeentecode: '9999', rol: 'GEMEENTE' })],
    ['a gemeentecode in another role', 'ERR_RECIPIENT_UNKNOWN', to({ gemeentecode: '0202', rol: 'GI' })],
    ['an unknown instantiecode', 'ERR_RECIPIENT_UNKNOWN', to({ instantiecode: 'AST999' })],
    [
      'a recipient that ended',
      'ERR_RECIPIENT_ENDED',
      to({ ...gi, rol: 'GI' }),
      { deelnemers: changeRow(gi, { tot: '2026-11-25' }) },
    ],
    [
      'a point that ended',
      'ERR_RECIPIENT_ENDED',
      to({ ...gi, rol: 'GI' }),
      { aansluitpunten: changeRow(point, { tot: '2026-11-25' }) },
    ],
    [
      'an instantiecode whose party ended',
      'ERR_RECIPIENT_ENDED',
      to({ instantiecode: 'AST095' }),
      { deelnemers: changeRow(gi, { tot: '2026-11-25' }) },
    ],
    [
      'a gemeentecode whose party ended',
      'ERR_RECIPIENT_ENDED',
      inNijmegen,
      {
        deelnemers: changeRow({ gemeentecode: '0268' }, { tot: '2026-11-25' }),
        verzendmatrix: toGemeente,
      },
    ],
    [
      'a point whose owner ended',
      'ERR_RECIPIENT_ENDED',
      inNijmegen,
      {
        deelnemers: changeRow({ oin: oinOf('leverancier') }, { tot: '2026-11-25' }),
        verzendmatrix: toGemeente,
      },
    ],
    [
      'a point whose owner’s mandate to receive ended',
      'ERR_RECIPIENT_ENDED',
      inNijmegen,
      {
        machtigingen: changeRow({ namens: oinOf('gemeente-nijmegen') }, { tot: '2026-11-24' }),
        verzendmatrix: toGemeente,
      },
    ],
    ['two points for one recipient and role', 'ERR_RECIPIENT_AMBIGUOUS', to({ ...gi, rol: 'GI' }), second()],
    ['two points for one instantiecode', 'ERR_RECIPIENT_AMBIGUOUS', to({ instantiecode: 'AST095' }), second()],
    [
      'two parties for one gemeentecode',
      'ERR_RECIPIENT_AMBIGUOUS',
      inNijmegen,
      {
        deelnemers: changeRow({ gemeentecode: '0202' }, { gemeentecode: '0268' }),
        verzendmatrix: toGemeente,
      },
    ],
    [
      'a StUF applicatie that two points have',
      'ERR_RECIPIENT_AMBIGUOUS',
      () => sendAs(vto),
      {
        aansluitpunten: (all) => [...all, { ...all.find(({ id }) => id === 'rvdk-verzoeken'), id: 'rvdk-tweede' }],
      },
    ],
    ['a gemeentecode that ended in parts', 'ERR_MUNICIPALITY_ENDED', to({ gemeentecode: '0282', rol: 'GEMEENTE' })],
    [
      'a gemeentecode that ended without successor',
      'ERR_MUNICIPALITY_ENDED',
      to({ gemeentecode: '0282', rol: 'GEMEENTE' }),
      { opvolging: changeRow({ gemeentecode: '0282' }, { opvolgers: [] }) },
    ],
    [
      'JSON for a point that takes XML only',
      'ERR_RECIPIENT_FORMAT',
      to({ ...gi, rol: 'GI' }),
      { aansluitpunten: changeRow(point, { formaten: ['xml'] }) },
    ],
    [
      'an enveloped signature for a point that takes detached only',
      'ERR_RECIPIENT_FORMAT',
      () => sendAs(wrapped, { form: 'enveloped' }),
      { aansluitpunten: changeRow(point, { handtekeningen: ['losstaand'] }) },
    ],
    [
      'a detached signature for a point that takes enveloped only',
      'ERR_RECIPIENT_FORMAT',
      () => sendAs(wrapped),
      { aansluitpunten: changeRow(point, { handtekeningen: ['ingesloten'] }) },
    ],
  ]);
}

function toRefusals(withRules: Workshop['withRules'], rows: readonly Row[]): readonly Refusal[] {
  return rows.map(([what, code, incoming, rules]) => ({
    what,
    code,
    incoming,
    ...(rules === undefined ? {} : { standing: () => withRules(rules) }),
  }));
}

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const FIVE_MINUTES_MS = 5 * 60_000;
// Each has a point of its own, so a set in which one is gone is no set.
const ARNHEM_ROLES = ['GEMEENTE', 'GEMEENTE_NOTIFICATIES', 'GEMEENTE_ZORGMELDING'];
