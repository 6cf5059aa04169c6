import type { Certificate } from '../codec/certificate.ts';
import { readCrl } from '../codec/crl.ts';
import type { RevocationList } from '../codec/crl.ts';
import { endOf } from '../codec/revocation.ts';
import type { Instant } from '../domain/message.ts';
import type { Events, GatewayEvent } from '../ports/events.ts';
import type { ListSource } from '../ports/list-source.ts';
import type { Clock } from '../ports/system.ts';
import { faultName } from './backoff.ts';

/** An authority whose revocation list is kept fresh. */
export interface WatchedAuthority {
  readonly certificate: Certificate;
  readonly source: ListSource;
  readonly refreshMs: number;
  /** How long before `nextUpdate`, and after the last time that the source answered well, the alarm is raised. */
  readonly alarmMs: number;
  /** How long after `nextUpdate` the list is still gone by. */
  readonly graceMs: number;
}

/** The list of one authority that is to be in force, with the octets it was read from. */
export interface ListInForce {
  readonly authority: WatchedAuthority;
  readonly held: HeldList | undefined;
}

/** A list as it was read, and when. */
export interface HeldList {
  readonly list: RevocationList;
  readonly octets: Uint8Array;
  readonly readAt: Instant;
}

/** What the watch works with; `apply` puts all lists in force at once. */
export interface WatchParts {
  readonly clock: Clock;
  readonly events: Events;
  readonly apply: (lists: readonly ListInForce[]) => Promise<void>;
}

/** Keeps lists fresh until closed. */
export interface RevocationWatch {
  /** Goes on with other authorities; lists of those that stay, stay. Fetches them all at once. */
  follow(authorities: readonly WatchedAuthority[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Fetches every list, again and again by the clock, and takes a newer one into force. One that isn't right changes nothing and is told;
 * the alarm comes well before the list is too old, and from then on the certificates of its authority are refused.
 */
export async function watchRevocation(
  parts: WatchParts,
  authorities: readonly WatchedAuthority[],
): Promise<RevocationWatch> {
  const stopping = new AbortController();
  const state: State = { parts, watched: new Map(), signal: stopping.signal };
  await follow(state, authorities);
  const loop = keepFresh(state);
  return {
    follow: (others) => follow(state, others),
    async close() {
      stopping.abort();
      await loop;
    },
  };
}

interface State {
  readonly parts: WatchParts;
  /** By `Certificate.authority`. */
  watched: ReadonlyMap<string, Watched>;
  readonly signal: AbortSignal;
}

interface Watched {
  readonly authority: WatchedAuthority;
  held: HeldList | undefined;
  /** When the source last answered well. */
  answeredAt: Instant;
  fetchAt: Instant;
  fetching: Promise<void> | undefined;
  /** What was last told to be wrong; told once. */
  problem: string | undefined;
  told: 'nothing' | 'stale' | 'expired';
}

async function follow(state: State, authorities: readonly WatchedAuthority[]): Promise<void> {
  const now = state.parts.clock.now();
  const rows = authorities.map((authority): [string, Watched] => {
    const before = state.watched.get(authority.certificate.authority);
    const fresh = { held: undefined, answeredAt: now, problem: undefined, told: 'nothing' } as const;
    return [authority.certificate.authority, { ...fresh, ...before, authority, fetchAt: now, fetching: undefined }];
  });
  state.watched = new Map(rows);
  await applyAll(state);
  await Promise.all([...state.watched.values()].map((one) => refresh(state, one)));
  raiseAlarms(state);
}

async function keepFresh(state: State): Promise<void> {
  const { clock } = state.parts;
  while (!state.signal.aborted) {
    await clock.sleep(TICK_MS, state.signal);
    const due = [...state.watched.values()].filter(({ fetchAt }) => fetchAt <= clock.now());
    // One that is slow holds up no other.
    for (const one of due) void refresh(state, one);
    raiseAlarms(state);
  }
  await Promise.all([...state.watched.values()].map(({ fetching }) => fetching ?? Promise.resolve()));
}

function refresh(state: State, one: Watched): Promise<void> {
  one.fetching ??= fetchOne(state, one)
    .catch((cause: unknown) => {
      state.parts.events.emit({ name: 'FaultOccurred', where: 'revocation', fault: faultName(cause) });
    })
    .finally(() => {
      one.fetching = undefined;
    });
  return one.fetching;
}

async function fetchOne(state: State, one: Watched): Promise<void> {
  const { clock } = state.parts;
  const { source, refreshMs } = one.authority;
  one.fetchAt = clock.now() + Math.min(refreshMs, source.isLocal ? LOCAL_MS : RETRY_MS);
  const fetched = await source.fetch({ again: one.problem !== undefined, signal: state.signal });
  if (state.signal.aborted || state.watched.get(one.authority.certificate.authority) !== one) return;
  if (fetched.kind === 'fault') {
    refuse(state, one, fetched.fault);
    return;
  }
  const isTaken = fetched.kind === 'unchanged' || (await take(state, one, fetched.octets));
  if (!isTaken) return;
  one.answeredAt = clock.now();
  one.problem = undefined;
  if (!source.isLocal) one.fetchAt = clock.now() + refreshMs;
}

async function take(state: State, one: Watched, octets: Uint8Array): Promise<boolean> {
  const { clock, events } = state.parts;
  const now = clock.now();
  const read = readCrl(octets, { issuer: one.authority.certificate, now, inForce: one.held?.list });
  if (!read.ok) {
    refuse(state, one, read.error);
    return false;
  }
  const list = read.value;
  if (list.fingerprint === one.held?.list.fingerprint) return true;
  one.held = { list, octets, readAt: now };
  one.told = 'nothing';
  await applyAll(state);
  const nextUpdate = toText(list.nextUpdate);
  events.emit({ name: 'CrlLoaded', authority: nameOf(one), revoked: list.serials.size, nextUpdate });
  return true;
}

function refuse({ parts }: State, one: Watched, problem: string): void {
  if (one.problem !== problem) parts.events.emit({ name: 'CrlRefused', authority: nameOf(one), problem });
  one.problem = problem;
}

async function applyAll({ parts, watched }: State): Promise<void> {
  await parts.apply([...watched.values()].map(({ authority, held }) => ({ authority, held })));
}

function raiseAlarms({ parts, watched }: State): void {
  const now = parts.clock.now();
  for (const one of watched.values()) {
    const alarm = alarmOf(one, now);
    // What was over stays so until there is a newer list; what only grew stale may be well again.
    if (one.told === alarm.state || (one.told === 'expired' && alarm.state !== 'nothing')) continue;
    one.told = alarm.state;
    if (alarm.event !== undefined) parts.events.emit(alarm.event);
  }
}

interface Alarm {
  readonly state: Watched['told'];
  readonly event?: GatewayEvent;
}

function alarmOf(one: Watched, now: Instant): Alarm {
  const { held, authority } = one;
  const name = nameOf(one);
  if (held === undefined || now > endOf(held.list, authority.graceMs))
    return { state: 'expired', event: { name: 'CrlExpired', authority: name } };
  const why = whyStale(one, held.list, now);
  if (why === undefined) return { state: 'nothing' };
  return {
    state: 'stale',
    event: { name: 'CrlStale', authority: name, why, nextUpdate: toText(held.list.nextUpdate) },
  };
}

function whyStale(one: Watched, list: RevocationList, now: Instant): 'near-end' | 'not-refreshed' | undefined {
  const { alarmMs } = one.authority;
  if (now >= list.nextUpdate - alarmMs) return 'near-end';
  return now >= one.answeredAt + alarmMs ? 'not-refreshed' : undefined;
}

// From the configuration, so the operator's own word for it.
function nameOf({ authority: { certificate } }: Watched): string {
  return certificate.commonNames[0] ?? certificate.fingerprint;
}

function toText(at: Instant): string {
  return new Date(at).toISOString();
}

const TICK_MS = 1_000;
const LOCAL_MS = 1_000;
const RETRY_MS = 60_000;
