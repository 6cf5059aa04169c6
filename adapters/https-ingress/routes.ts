import type { ParameterName } from '../../gateway/codec/query.ts';
import type { CallHandler } from './call.ts';
import {
  confirm,
  pull,
  refuse,
  showKeys,
  showNotice,
  showOpenApi,
  showRouting,
  showStatus,
  submit,
  takeNotice,
} from './calls.ts';

/** What a request to a route carries: a bericht, a receipt or nothing, a reason, nothing. */
export type BodyKind = 'message' | 'receipt' | 'refusal' | 'none';

/** One call of the API. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `{…}` stands for one id. */
  readonly path: string;
  readonly query: readonly ParameterName[];
  readonly body: BodyKind;
  readonly call: CallHandler;
}

const ROUTING: readonly ParameterName[] = [
  'berichttype',
  'afzender',
  'afzenderrol',
  'rol',
  'oin',
  'gemeentecode',
  'instantiecode',
];

/** Every call of the API; nothing else is answered but with 404. */
// prettier-ignore
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/v1/berichten', query: [], body: 'message', call: submit },
  { method: 'GET', path: '/v1/berichten/{berichtId}', query: ['wacht'], body: 'none', call: showStatus },
  { method: 'GET', path: '/v1/postbus', query: ['aansluitpunt', 'wacht'], body: 'none', call: pull },
  { method: 'POST', path: '/v1/postbus/{berichtId}/bevestiging', query: [], body: 'receipt', call: confirm },
  { method: 'POST', path: '/v1/postbus/{berichtId}/weigering', query: [], body: 'refusal', call: refuse },
  { method: 'GET', path: '/v1/bevestigingen', query: ['afzender', 'wacht'], body: 'none', call: showNotice },
  { method: 'POST', path: '/v1/bevestigingen/{id}/ontvangen', query: [], body: 'none', call: takeNotice },
  { method: 'GET', path: '/v1/routering', query: ROUTING, body: 'none', call: showRouting },
  { method: 'GET', path: '/v1/sleutels', query: [], body: 'none', call: showKeys },
  { method: 'GET', path: '/v1/openapi.json', query: [], body: 'none', call: showOpenApi },
];

/** Where a request goes: to a route, or nowhere, with the methods the path does have. */
export type Match =
  | { readonly found: true; readonly route: Route; readonly id: string }
  | { readonly found: false; readonly allow: readonly string[] };

/** Finds the route of a method and a path as it was sent: no decoding, no dots, no second slash means the first. */
export function findRoute(method: string, path: string): Match {
  const allow: string[] = [];
  for (const { route, pattern } of PATTERNS) {
    const match = pattern.exec(path);
    if (match === null) continue;
    if (route.method === method) return { found: true, route, id: match[1] ?? '' };
    allow.push(route.method);
  }
  return { found: false, allow };
}

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/\{[^}]+\}/, '([0-9a-f-]{36})')}$`),
}));
