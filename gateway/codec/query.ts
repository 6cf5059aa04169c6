import { rejection } from '../domain/rejection.ts';
import type { Rejection, Violation } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';

/** Query parameters as they came, each given once and of the right form. */
export type Query = ReadonlyMap<ParameterName, string>;

/** The question of `GET /v1/routering`, in words of the domain. */
export interface RoutingQuery {
  readonly messageType: string;
  readonly sender: string | undefined;
  readonly senderRole: string | undefined;
  readonly role: string | undefined;
  readonly oin: string | undefined;
  readonly municipality: string | undefined;
  readonly institution: string | undefined;
}

/** Reads the text after `?`: only allowed names, each at most once, each of its own form. */
export function parseQuery(text: string, allowed: readonly ParameterName[]): Result<Query, Rejection> {
  const found = new Map<ParameterName, string>();
  if (text === '') return ok(found);
  // The class takes a `?` at the start away, which RFC 3986 section 3.4 makes part of the first name; behind an `&` it stays.
  for (const [name, value] of new URLSearchParams(`&${text}`)) {
    if (!isOneOf(name, allowed)) return invalid({ path: '/*', rule: 'unknown' });
    if (found.has(name)) return invalid({ path: `/${name}`, rule: 'duplicate' });
    if (!PARAMETERS[name].test(value)) return invalid({ path: `/${name}`, rule: 'pattern' });
    found.set(name, value);
  }
  return ok(found);
}

/** How long the call may wait, in milliseconds; 0 unless asked. */
export function readWaitMs(query: Query): number {
  return Number(query.get('wacht') ?? 0) * 1_000;
}

/** Reads the question where a bericht would go: a type and exactly one way to name the recipient. */
export function readRoutingQuery(query: Query): Result<RoutingQuery, Rejection> {
  const messageType = query.get('berichttype');
  if (messageType === undefined) return invalid({ path: '/berichttype', rule: 'required' });
  if (ADDRESSES.filter((name) => query.has(name)).length !== 1) return invalid({ path: '/oin', rule: 'choice' });
  return ok({
    messageType,
    sender: query.get('afzender'),
    senderRole: query.get('afzenderrol'),
    role: query.get('rol'),
    oin: query.get('oin'),
    municipality: query.get('gemeentecode'),
    institution: query.get('instantiecode'),
  });
}

function isOneOf(name: string, allowed: readonly ParameterName[]): name is ParameterName {
  return allowed.some((one) => one === name);
}

function invalid(violation: Violation): Result<never, Rejection> {
  return err(rejection('ERR_REQUEST_INVALID', [violation]));
}

const PARAMETERS = {
  wacht: /^(?:[0-9]|[1-5][0-9]|60)$/,
  aansluitpunt: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/,
  afzender: /^[0-9]{20}$/,
  afzenderrol: /^[A-Za-z][A-Za-z0-9_-]{0,49}$/,
  berichttype: /^[A-Za-z][A-Za-z0-9._-]{0,99}$/,
  rol: /^[A-Za-z][A-Za-z0-9_-]{0,49}$/,
  oin: /^[0-9]{20}$/,
  gemeentecode: /^[0-9]{4}$/,
  instantiecode: /^[A-Z]{1,4}[0-9]{1,6}$/,
} as const satisfies Record<string, RegExp>;

/** A query parameter of the wire contract. */
export type ParameterName = keyof typeof PARAMETERS;

const ADDRESSES = ['oin', 'gemeentecode', 'instantiecode'] as const satisfies readonly ParameterName[];
