import { describe, expect, it } from '@jest/globals';
import { buildRequest } from '../../../../adapters/https-delivery/build-request.ts';
import { PushError, toPushFault } from '../../../../adapters/https-delivery/errors.ts';
import { parseNetworks } from '../../../../adapters/https-delivery/networks.ts';
import { ConfigurationFault } from '../../../../gateway/ports/faults.ts';

const build = (url: string): ReturnType<typeof buildRequest> =>
  buildRequest({ url, headers: { A: '1' }, body: Buffer.from('é') });

describe('buildRequest', () => {
  it('takes host, port, path and query from the URL, and the length from the bytes', () => {
    expect(build('https://rvdk.example:8443/in/x?y=z')).toEqual({
      host: 'rvdk.example',
      port: 8443,
      path: '/in/x?y=z',
      method: 'POST',
      servername: 'rvdk.example',
      headers: { A: '1', 'Content-Length': '2' },
    });
  });

  it('asks for no name of an address, and takes port 443 unless told', () => {
    expect(build('https://[fd00::1]/')).toMatchObject({ host: 'fd00::1', port: 443, servername: '' });
    expect(build('https://10.0.0.1')).toMatchObject({ host: '10.0.0.1', path: '/', servername: '' });
    expect(build('https://0x0a000001/')).toMatchObject({ host: '10.0.0.1' });
  });

  it.each(['http://a/', 'https://u@a/', 'https://u:p@a/', 'https://a/#f', 'ftp://a/', 'a', '', 'https://'])(
    'refuses %j',
    (url) => {
      expect(build(url)).toBeUndefined();
    },
  );
});

describe('parseNetworks', () => {
  const networks = parseNetworks(['10.1.0.0/16', '192.0.2.7/32', 'fd00::/8']);

  it.each(['10.1.0.0', '10.1.255.255', '192.0.2.7', 'fd12:3456::1', '::ffff:10.1.2.3'])('has %s', (address) => {
    expect(networks.has(address)).toBe(true);
  });

  it.each(['10.2.0.0', '192.0.2.8', 'fe80::1', '::ffff:10.2.0.1', '127.0.0.1', '::1', '', 'rvdk.example', 'undefined'])(
    'has not %j',
    (address) => {
      expect(networks.has(address)).toBe(false);
    },
  );

  it('has nothing when none is given', () => {
    expect(parseNetworks([]).has('10.0.0.1')).toBe(false);
    expect(parseNetworks(['0.0.0.0/0']).has('8.8.8.8')).toBe(true);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', '10.0/8', 'x/8', '10.0.0.0/08', ''])(
    'refuses %j, naming it',
    (text) => {
      expect(() => parseNetworks([text])).toThrow(ConfigurationFault);
    },
  );
});

describe('toPushFault', () => {
  const error = (code: string): Error => Object.assign(new Error('text from outside'), { code });

  it.each([
    [new PushError('peer-oin'), false, 'peer-oin'],
    [error('ECONNREFUSED'), false, 'connect-failed'],
    [error('ECONNRESET'), true, 'connection-lost'],
    [error('HPE_HEADER_OVERFLOW'), true, 'answer-too-large'],
    [error('HPE_INVALID_CONSTANT'), true, 'answer-malformed'],
    [error('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), true, 'tls-failed'],
    ['a string', true, 'connection-lost'],
    [null, true, 'connection-lost'],
  ] as const)('names %s (sent: %s) %s', (cause, sent, fault) => {
    expect(toPushFault(cause, sent)).toBe(fault);
  });
});
