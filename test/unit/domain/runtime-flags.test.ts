import { describe, expect, it } from '@jest/globals';

import { findRevealing } from '../../../gateway/domain/runtime-flags.ts';

const flagged = (...flags: string[]): readonly string[] => findRevealing({ flags, environment: {} });

describe('the flags of a process', () => {
  it.each([
    ['--inspect', '--inspect'],
    ['--inspect=0.0.0.0:9229', '--inspect'],
    ['--inspect-brk', '--inspect-brk'],
    ['--inspect_brk=1', '--inspect-brk'],
    ['--heapsnapshot-signal=SIGUSR2', '--heapsnapshot-signal'],
    ['--heapsnapshot-near-heap-limit=3', '--heapsnapshot-near-heap-limit'],
    ['--report-on-fatalerror', '--report-on-fatalerror'],
    ['--report-uncaught-exception', '--report-uncaught-exception'],
    ['--report_on_signal', '--report-on-signal'],
    ['--abort-on-uncaught-exception', '--abort-on-uncaught-exception'],
    ['--abort_on_uncaught_exception', '--abort-on-uncaught-exception'],
    ['--tls-keylog=/tmp/keys', '--tls-keylog'],
    ['--tls-min-v1.0', '--tls-min-v1.0'],
    ['--trace-tls', '--trace-tls'],
    ['--insecure-http-parser', '--insecure-http-parser'],
    ['"--require=./agent.js"', '--require'],
    ['--import=agent', '--import'],
    ['-r', '-r'],
  ])('%s lets others look in, and is named without its value', (flag, name) => {
    expect(flagged('--max-old-space-size=512', flag)).toEqual([name]);
  });

  it('are told once each, and those that show nothing not at all', () => {
    expect(flagged('--inspect=1', '--inspect=2', '-r', 'x')).toEqual(['--inspect', '-r']);
    expect(flagged('--disable-sigusr1', '--enable-source-maps', '--max-http-header-size=1', '--importance')).toEqual(
      [],
    );
  });

  it.each([
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0', '1'],
    ['NODE_DEBUG', 'http', ''],
    ['NODE_DEBUG_NATIVE', 'inspector', ''],
    ['NODE_V8_COVERAGE', '/tmp', ''],
  ])('are judged with the variable %s', (name, bad, good) => {
    expect(findRevealing({ flags: [], environment: { [name]: bad, HOME: '/' } })).toEqual([name]);
    expect(findRevealing({ flags: [], environment: { [name]: good, HOME: '/' } })).toEqual([]);
  });
});
