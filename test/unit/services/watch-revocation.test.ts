import { Buffer } from 'node:buffer';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { GatewayEvent } from '../../../gateway/ports/events.ts';
import type { FetchedList } from '../../../gateway/ports/list-source.ts';
import { watchRevocation } from '../../../gateway/services/watch-revocation.ts';
import type { ListInForce, RevocationWatch, WatchedAuthority } from '../../../gateway/services/watch-revocation.ts';
import { craftAuthority, NOW, read } from '../../support/craft-certificate.ts';
import { at, craftCrl, crlNumber, entry } from '../../support/craft-crl.ts';
import { createTestClock } from '../../support/test-clock.ts';
import type { TestClock } from '../../support/test-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const root = craftAuthority('Wortel');
const intermediate = craftAuthority('Tussen', { issuer: root });

/** A list of the intermediate. */
const list = (number: number, ...serials: readonly string[]): FetchedList => ({
  kind: 'list',
  octets: craftCrl(intermediate, {
    extensions: [crlNumber(number)],
    times: [at(number * MINUTE - HOUR), at(number * MINUTE + HOUR)],
    entries: serials.map((serial) => entry(serial)),
  }),
});
const FAULT: FetchedList = { kind: 'fault', fault: 'unreachable' };

let clock: TestClock;
let events: GatewayEvent[];
let inForce: readonly ListInForce[];
let answer: FetchedList | (() => Promise<FetchedList>);
let asked: boolean[];
let applies: () => Promise<void>;
const open: RevocationWatch[] = [];

beforeEach(() => {
  clock = createTestClock(NOW);
  events = [];
  inForce = [];
  answer = list(1);
  asked = [];
  applies = () => Promise.resolve();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((watch) => watch.close()));
});

function authority(changes: Partial<WatchedAuthority> & { readonly isLocal?: boolean } = {}): WatchedAuthority {
  return {
    certificate: read(intermediate),
    source: {
      isLocal: changes.isLocal ?? false,
      fetch: async ({ again }) => {
        asked.push(again);
        return typeof answer === 'function' ? answer() : answer;
      },
    },
    ...{ refreshMs: 10 * MINUTE, alarmMs: 30 * MINUTE, graceMs: 0 },
    ...changes,
  };
}

async function watch(...authorities: readonly WatchedAuthority[]): Promise<RevocationWatch> {
  const apply = async (lists: readonly ListInForce[]): Promise<void> => {
    inForce = lists;
    await applies();
  };
  const opened = await watchRevocation({ clock, events: { emit: (event) => events.push(event) }, apply }, authorities);
  open.push(opened);
  return opened;
}

const names = (): string[] => events.map(({ name }) => name);
const numbers = (): unknown[] => inForce.map(({ held }) => held?.list.number);

describe('watchRevocation', () => {
  it('has the lists in force before it is there', async () => {
    answer = list(1, '05', '06');
    await watch(authority());
    expect(inForce[0]?.held?.list.serials).toEqual(new Set(['05', '06']));
    expect(events).toEqual([
      { name: 'CrlLoaded', authority: 'Tussen', revoked: 2, nextUpdate: new Date(NOW + MINUTE + HOUR).toISOString() },
    ]);
  });

  it('asks an address again by its time, and takes over what is newer', async () => {
    await watch(authority());
    answer = list(2);
    await clock.advance(10 * MINUTE - 1000);
    expect(numbers()).toEqual([1n]);
    await clock.advance(2000);
    expect(numbers()).toEqual([2n]);
    expect(names()).toEqual(['CrlLoaded', 'CrlLoaded']);
  });

  it('notices a file within five seconds', async () => {
    await watch(authority({ isLocal: true, refreshMs: HOUR }));
    answer = list(2, '07');
    await clock.advance(5000);
    expect(numbers()).toEqual([2n]);
  });

  it('says nothing when the same list comes again', async () => {
    await watch(authority({ isLocal: true }));
    await clock.advance(10_000);
    answer = { kind: 'unchanged' };
    await clock.advance(10_000);
    expect(names()).toEqual(['CrlLoaded']);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked).not.toContain(true);
  });

  it('keeps the old list when the new one is wrong or older, says so once, and asks for the octets again', async () => {
    answer = list(5);
    await watch(authority({ isLocal: true }));
    answer = list(4);
    await clock.advance(6000);
    answer = { kind: 'list', octets: Buffer.from('none') };
    await clock.advance(6000);
    expect(numbers()).toEqual([5n]);
    expect(events.slice(1)).toEqual([
      { name: 'CrlRefused', authority: 'Tussen', problem: 'rollback' },
      { name: 'CrlRefused', authority: 'Tussen', problem: 'malformed' },
    ]);
    expect(asked.at(-1)).toBe(true);
    answer = list(6);
    await clock.advance(3000);
    expect(numbers()).toEqual([6n]);
  });

  it('asks an address that failed sooner than its time', async () => {
    answer = FAULT;
    await watch(authority({ refreshMs: HOUR }));
    answer = list(1);
    await clock.advance(MINUTE + 1000);
    expect(numbers()).toEqual([1n]);
    expect(names()).toEqual(['CrlRefused', 'CrlExpired', 'CrlLoaded']);
  });

  it('raises the alarm well before the list is too old, once, and says when it is', async () => {
    await watch(authority({ graceMs: 2 * MINUTE }));
    answer = { kind: 'unchanged' };
    await clock.advance(31 * MINUTE - 2000);
    expect(names()).toEqual(['CrlLoaded']);
    await clock.advance(3000);
    const nextUpdate = new Date(NOW + MINUTE + HOUR).toISOString();
    expect(events.at(-1)).toEqual({ name: 'CrlStale', authority: 'Tussen', why: 'near-end', nextUpdate });
    await clock.advance(32 * MINUTE - 4000);
    expect(names()).toEqual(['CrlLoaded', 'CrlStale']);
    await clock.advance(5000);
    expect(names()).toEqual(['CrlLoaded', 'CrlStale', 'CrlExpired']);
    await clock.advance(HOUR);
    expect(names()).toHaveLength(3);
  });

  it('raises the alarm when the source has not answered well for long, and again after it did', async () => {
    answer = list(60);
    await watch(authority({ isLocal: true, alarmMs: 10 * MINUTE }));
    const wrong = async (): Promise<void> => {
      answer = FAULT;
      await clock.advance(10 * MINUTE + 2000);
    };
    await wrong();
    expect(events.at(-1)).toMatchObject({ name: 'CrlStale', why: 'not-refreshed' });
    answer = { kind: 'unchanged' };
    await clock.advance(4000);
    await wrong();
    expect(names()).toEqual(['CrlLoaded', 'CrlRefused', 'CrlStale', 'CrlRefused', 'CrlStale']);
  });

  it('goes on with the list it has under other authorities, and fetches at once', async () => {
    answer = list(5);
    const opened = await watch(authority());
    answer = list(4);
    await opened.follow([authority({ graceMs: HOUR })]);
    expect(numbers()).toEqual([5n]);
    expect(inForce[0]?.authority.graceMs).toBe(HOUR);
    answer = list(6);
    await opened.follow([authority()]);
    expect(numbers()).toEqual([6n]);
    await opened.follow([]);
    expect(inForce).toEqual([]);
  });

  it('is held up by no source that hangs, and drops what comes of it too late', async () => {
    const other = { ...authority(), certificate: read(root) };
    await watch(authority(), { ...other, source: { isLocal: true, fetch: async () => FAULT } });
    let finish: (list: FetchedList) => void = () => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    await clock.advance(11 * MINUTE);
    const [opened] = open;
    const followed = opened?.follow([]);
    finish(list(9));
    await followed;
    expect(inForce).toEqual([]);
  });

  it('tells a fault of its own and goes on', async () => {
    await watch(authority({ isLocal: true }));
    applies = () => Promise.reject(new RangeError('no'));
    answer = list(2);
    await clock.advance(3000);
    expect(events.at(-1)).toEqual({ name: 'FaultOccurred', where: 'revocation', fault: 'RangeError' });
    applies = () => Promise.resolve();
    answer = list(3);
    await clock.advance(3000);
    expect(numbers()).toEqual([3n]);
  });
});
