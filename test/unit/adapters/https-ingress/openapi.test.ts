import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { API_VERSION, buildProblem } from '../../../../adapters/https-ingress/answer.ts';
import { ROUTES } from '../../../../adapters/https-ingress/routes.ts';
import { toDeliveryHeaders } from '../../../../gateway/codec/delivery-headers.ts';
import {
  toKeysBody,
  toNoticeBody,
  toRoutingBody,
  toStatusBody,
  toSubmitBody,
} from '../../../../gateway/codec/status-json.ts';
import {
  EVENT_WORDS,
  EXPIRY_WORDS,
  PROCESSING_WORDS,
  REFUSAL_WORDS,
  STATE_WORDS,
} from '../../../../gateway/codec/wire-words.ts';
import type { RoutingAdvice } from '../../../../gateway/domain/routing-advice.ts';
import { rejection } from '../../../../gateway/domain/rejection.ts';
import { MESSAGE_ID, buildEntry, buildReceipt } from '../../../support/ingress.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Operation {
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly info: { readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: Readonly<
      Record<string, { readonly properties?: Readonly<Record<string, { readonly enum?: unknown[] }>> }>
    >;
  };
}

const text = readFileSync(new URL('../../../../schemas/openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as Document;

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} /v1${path}`, operation })),
);
const operationOf = (name: string): Operation => operations.find((one) => one.name === name)!.operation;

function parametersOf(operation: Operation, place: string): string[] {
  const names = (operation.parameters ?? []).map(({ $ref }) => $ref.replace('#/components/parameters/', ''));
  return names
    .map((name) => document.components.parameters[name]!)
    .filter((parameter) => parameter.in === place)
    .map(({ name }) => name);
}

describe('the OpenAPI document', () => {
  it('describes every route and no other', () => {
    expect(operations.map(({ name }) => name).sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    expect(document.servers.map(({ url }) => url)).toEqual(['https://{host}/v1']);
    expect(document.info.version).toBe(API_VERSION);
  });

  it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'has the parameters of %s',
    (name, route) => {
      const operation = operationOf(name);
      expect(parametersOf(operation, 'query').sort()).toEqual([...route.query].sort());
      expect(parametersOf(operation, 'path').map((parameter) => `{${parameter}}`)).toEqual(
        route.path.match(/\{[^}]+\}/g) ?? [],
      );
      expect(Object.keys(operation.requestBody?.content ?? {}).sort()).toEqual(TYPES[route.body]);
      expect(operation.requestBody?.required ?? false).toBe(route.body === 'message' || route.body === 'refusal');
    },
  );

  it('names the words of the wire', () => {
    const enumOf = (schema: string, property: string): unknown[] =>
      (document.components.schemas[schema]!.properties![property]!.enum ?? []).filter((word) => word !== null);
    expect(enumOf('Status', 'status')).toEqual(Object.values(STATE_WORDS.all));
    expect(enumOf('Status', 'reden')).toEqual([
      ...Object.values(REFUSAL_WORDS.all),
      ...Object.values(EXPIRY_WORDS.all),
    ]);
    expect(enumOf('Weigering', 'code')).toEqual(Object.values(REFUSAL_WORDS.all));
    for (const word of [...Object.values(EVENT_WORDS.all), ...Object.values(PROCESSING_WORDS.all)]) {
      expect(text).toContain(`"${word}"`);
    }
  });

  it('describes the headers of a pulled bericht', () => {
    const { facts } = buildEntry();
    const headers = toDeliveryHeaders({ facts, contentType: 'x', digest: 'x', payloadSignature: 'x', repeat: true });
    const described = Object.keys(operationOf('GET /v1/postbus').responses['200']!.headers!);
    expect(described.sort()).toEqual(
      [...Object.keys(headers).filter((name) => name !== 'Content-Type'), 'API-Version'].sort(),
    );
  });
});

const REQUIREMENTS: Partial<RoutingAdvice> = {
  conditions: [{ rule: 'V10', when: [], demands: [{ fact: { subject: 'urgency' }, demand: { kind: 'present' } }] }],
  purposes: [{ rule: 'T6', field: 'VT', grounds: ['TOESTEMMING'], consents: ['ja'] }],
  reply: { types: ['a'], term: { kind: 'same-day' }, urgentTerm: { kind: 'immediate' }, reminder: undefined },
  answersTypes: ['b'],
};

describe('what is answered', () => {
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });
  ajv.addSchema(document, 'openapi');

  it.each([
    ['Indiening', toSubmitBody({ receipt: buildReceipt(), signed: 'a.b.c', entry: buildEntry() })],
    ['Status', toStatusBody(buildEntry(), undefined)],
    ['Status', toStatusBody(buildEntry({ previous: MESSAGE_ID, acceptedAt: undefined }), 'a.b.c')],
    ['Kennisgeving', toNoticeBody('end', { id: MESSAGE_ID, messageId: MESSAGE_ID }, 'a.b.c')],
    ['Kennisgeving', toNoticeBody('term', { id: MESSAGE_ID, messageId: MESSAGE_ID }, 'a.b.c')],
    ['Sleutels', toKeysBody([{ certificatePem: 'PEM', thumbprint: 'x', current: true }])],
    ['Weigering', { code: 'DUBBEL', pad: '/a' }],
    ['Routering', routing(undefined)],
    ['Routering', routing(undefined, REQUIREMENTS)],
    ['Routering', routing(rejection('ERR_ROUTE_NONE'))],
    [
      'Probleem',
      JSON.parse(String(buildProblem(rejection('ERR_SCHEMA_INVALID', [{ path: '/a', rule: 'enum' }])).body)),
    ],
    ['Probleem', JSON.parse(String(buildProblem({ ...rejection('ERR_MUNICIPALITY_ENDED'), candidates: ['1'] }).body))],
  ])('fits the schema %s', (name, body) => {
    const validate = ajv.getSchema(`openapi#/components/schemas/${name}`)!;
    expect([validate(body), validate.errors]).toEqual([true, null]);
  });

  it.each(['end', 'term'] as const)('would not fit with a member more or less (%s)', (kind) => {
    const validate = ajv.getSchema('openapi#/components/schemas/Kennisgeving')!;
    expect(validate({ ...toNoticeBody(kind, { id: MESSAGE_ID, messageId: MESSAGE_ID }, 'a.b.c'), extra: 1 })).toBe(
      false,
    );
    expect(validate({ id: MESSAGE_ID, berichtId: MESSAGE_ID })).toBe(false);
  });
});

function routing(refusal: ReturnType<typeof rejection> | undefined, more: Partial<RoutingAdvice> = {}): object {
  const known = refusal === undefined;
  return toRoutingBody({
    allowed: known,
    refusal,
    ruleId: known ? 'r' : undefined,
    pointKind: known ? 'push' : undefined,
    recipient: known ? '00000002003214436001' : undefined,
    recipientName: undefined,
    recipientRole: undefined,
    deadlineHours: known ? 48 : undefined,
    officeHours: known ? true : undefined,
    conditions: [],
    purposes: [],
    reply: undefined,
    answersTypes: [],
    ...more,
    formats: ['xml'],
    forms: ['detached'],
    requiredProcessing: ['field'],
    stuf: known ? { organisation: 'o', application: undefined, administration: undefined } : undefined,
  });
}

const TYPES = {
  message: ['application/json', 'application/xml'],
  receipt: ['application/jose'],
  refusal: ['application/json'],
  none: [],
};
