import type { RefusalReason } from '../domain/receipt.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, Violation } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { parseStrictJson } from './strict-json.ts';
import type { JsonValue } from './strict-json.ts';
import { REFUSAL_WORDS } from './wire-words.ts';

/**
 * Reads the body of a `weigering`: `{ "code", "pad"? }` and nothing else. The pad is judged by its form and then
 * forgotten: a recipient's text never reaches record, log or sender.
 */
export function parseRefusalBody(body: Uint8Array): Result<RefusalReason, Rejection> {
  const parsed = parseStrictJson(body);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (!isObject(value)) return invalid({ path: '/', rule: 'type' });
  if (Object.keys(value).some((name) => name !== 'code' && name !== 'pad')) {
    return invalid({ path: '/*', rule: 'unknown' });
  }
  if (value['pad'] !== undefined && !isPath(value['pad'])) return invalid({ path: '/pad', rule: 'pattern' });
  return parseCode(value['code']);
}

function parseCode(code: JsonValue | undefined): Result<RefusalReason, Rejection> {
  if (code === undefined) return invalid({ path: '/code', rule: 'required' });
  const reason = typeof code === 'string' ? REFUSAL_WORDS.fromWire(code) : undefined;
  return reason === undefined ? invalid({ path: '/code', rule: 'enum' }) : ok(reason);
}

function isPath(value: JsonValue): boolean {
  return typeof value === 'string' && value.length <= MAX_PATH_LENGTH && PATH.test(value);
}

function isObject(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(violation: Violation): Result<never, Rejection> {
  return err(rejection('ERR_REQUEST_INVALID', [violation]));
}

const MAX_PATH_LENGTH = 200;

// Names of a schema, each with at most one position: /bericht/inhoud/opdracht[2]/periode.
const PATH = /^(?:\/(?:[A-Za-z_][A-Za-z0-9_.-]*(?:\[[0-9]{1,5}\])?|\*|[0-9]{1,5}))+$/;
