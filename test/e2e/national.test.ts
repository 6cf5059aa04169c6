import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import type { Address } from '../../gateway/domain/message.ts';
import type { RuleSet } from '../../gateway/domain/participants.ts';
import { findRoute } from '../../gateway/pipeline/route.ts';
import { prepareGateway } from '../support/gateway-process.ts';
import type { GatewayUnderTest } from '../support/gateway-process.ts';
import { call, until } from '../support/http-party.ts';
import { startOwnRabbitmq } from '../support/own-rabbitmq.ts';
import type { OwnRabbitmq } from '../support/own-rabbitmq.ts';
import { createTestPki } from '../support/pki.ts';
import type { TestPki } from '../support/pki.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { readRuleFiles } from '../support/standing.ts';

const lists = process.env['DOORGEEFLUIK_REFERENCE_DATA'] ?? path.resolve('../shared/data');
const NOW = Date.UTC(2026, 10, 25, 12);

if (!existsSync(path.join(lists, 'referentie', 'tabel33-gemeenten.csv'))) {
  describe('the national set', () => {
    it('reference data absent: the national set left out', () => {
      process.stderr.write(`No reference lists at ${lists}: the tests with the national set were left out.\n`);
      expect(existsSync(path.join(lists, 'referentie'))).toBe(false);
    });
  });
} else {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'landelijk-')), 'regels');
  const made = spawnSync(process.execPath, ['dist/cli/main.js', 'rules', 'import', lists, '--naar', folder], {
    encoding: 'utf8',
  });

  afterAll(() => {
    rmSync(path.dirname(folder), { recursive: true });
  });

  describe('the national set', () => {
    it('is made from the lists, and says what they lack', () => {
      expect([made.status, made.stderr]).toEqual([0, '']);
      expect(made.stdout).toMatch(/395 deelnemers, 1075 aansluitpunten/);
      expect(made.stdout).toMatch(/22 gemeenten hebben in de lijst geen OIN/);
    });

    it('has every kind of party, each gemeente with its three roles', () => {
      const { participants, points } = rules();
      const count = (role: string): number =>
        [...participants.values()].filter(({ roles }) => roles.includes(role)).length;
      expect({
        GEMEENTE: count('GEMEENTE'),
        RECHTBANK: count('RECHTBANK'),
        GI: count('GI'),
        RVDK: count('RVDK'),
        CJIB: count('CJIB'),
        OM: count('OM'),
        POLITIE: count('POLITIE'),
        VEILIG_THUIS: count('VEILIG_THUIS'),
        VIR: count('VIR'),
      }).toEqual({
        GEMEENTE: 342,
        RECHTBANK: 11,
        GI: 14,
        RVDK: 1,
        CJIB: 1,
        OM: 1,
        POLITIE: 1,
        VEILIG_THUIS: 19,
        VIR: 1,
      });
      for (const role of ['GEMEENTE', 'GEMEENTE_NOTIFICATIES', 'GEMEENTE_ZORGMELDING']) {
        expect([...points.values()].filter((point) => point.role === role)).toHaveLength(342);
      }
    });

    it('follows an ended gemeentecode of table 33 only where it went over as a whole, else names the candidates', () => {
      const set = rules();
      const outcomes = endedCodes().map((code) => ({
        code,
        outcome: routeTo(set, { kind: 'municipality', municipality: code, role: 'GEMEENTE' }),
      }));
      const followed = outcomes.filter(({ outcome }) => outcome.ok);
      const refused = outcomes.flatMap(({ outcome }) => (outcome.ok ? [] : [outcome.error]));
      expect({ ended: outcomes.length, followed: followed.length, refused: refused.length }).toEqual({
        ended: 1132,
        followed: 57,
        refused: 1075,
      });
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['ERR_MUNICIPALITY_ENDED']));
      // Five of them have no successor at all: abroad, unknown, never a gemeente of the register.
      expect(refused.filter(({ candidates = [] }) => candidates.length === 0)).toHaveLength(5);
      // No chain stops halfway: what a refusal names has not ended itself.
      const ended = new Set(endedCodes());
      expect(refused.flatMap(({ candidates = [] }) => candidates).filter((code) => ended.has(code))).toEqual([]);
    });

    it('routes a bericht in under 50 µs', () => {
      const set = rules();
      const codes = [...set.participantsByMunicipality.keys()];
      const address = (index: number): Address => ({
        kind: 'municipality',
        municipality: String(codes[index % codes.length]),
        role: 'GEMEENTE',
      });
      // Time of the processor, not of the clock: other tests run beside this one.
      const measure = (count: number): number => {
        const start = process.cpuUsage();
        for (let index = 0; index < count; index += 1) routeTo(set, address(index));
        const { user, system } = process.cpuUsage(start);
        return (user + system) / count;
      };
      measure(5_000);
      const [least = Infinity] = Array.from({ length: 5 }, () => measure(10_000)).sort((a, b) => a - b);
      process.stderr.write(`national set: ${least.toFixed(1)} µs to route a bericht\n`);
      expect(least).toBeLessThan(50);
    });
  });

  describe('a gateway with the national set on RabbitMQ', () => {
    // A thousand queues, made and unmade, would weigh on every test beside this one.
    let broker: OwnRabbitmq | undefined;
    let pki: TestPki;
    let gateway: GatewayUnderTest;

    beforeAll(async () => {
      pki = createTestPki();
      broker = await startOwnRabbitmq();
      gateway = prepareGateway({ pki, amqpUrl: broker.url, fileKeys: true, rulesFolder: folder });
      // The first time the queues are made.
      await gateway.start(240_000);
      await gateway.kill('SIGTERM');
    }, 300_000);
    afterAll(async () => {
      await gateway.kill('SIGKILL');
      await broker?.stop();
    }, 120_000);

    it('is ready in under 10 seconds on an existing topology', async () => {
      const times: number[] = [];
      // Other tests run beside this one: the least says what it takes.
      for (let round = 0; round < 6 && !times.some((time) => time < 10); round += 1) {
        await gateway.kill('SIGTERM');
        const start = performance.now();
        await gateway.start(60_000);
        times.push((performance.now() - start) / 1000);
      }
      process.stderr.write(`national set: ready in ${times.map((time) => time.toFixed(1)).join(', ')} s\n`);
      expect(Math.min(...times)).toBeLessThan(10);
    });

    it('reloads without dropping a request', async () => {
      const file = path.join(gateway.folder, 'regels', 'deelnemers.yaml');
      const text = readFileSync(file, 'utf8');
      const agent = new Agent({ keepAlive: true, maxSockets: 4 });
      const statuses: number[] = [];
      const state = { reloading: true };
      const senders = Array.from({ length: 4 }, async () => {
        while (state.reloading) statuses.push(await submitOn(agent, vto()));
      });
      for (let round = 0; round < 3; round += 1) {
        const from = gateway.output().length;
        writeFileSync(file, `# ronde ${String(round)}\n${text}`);
        process.kill(Number(gateway.pid()), 'SIGHUP');
        await until(() => gateway.output().slice(from).includes('de nieuwe regels gelden'), 60_000, 'the reload');
      }
      state.reloading = false;
      await Promise.all(senders);
      agent.destroy();
      expect(statuses.length).toBeGreaterThan(20);
      expect(statuses.filter((status) => status !== 202)).toEqual([]);
    });

    it('takes a bericht for a gemeente at its supplier, and one for an ended gemeentecode with its candidates', async () => {
      const ask = async (code: string): Promise<Record<string, unknown>> =>
        (
          await call(party(), {
            port: gateway.port(),
            path: `/v1/routering?berichttype=notificatieDi01&rol=GEMEENTE&gemeentecode=${code}`,
          })
        ).json();
      expect(await ask('0009')).toMatchObject({ toegestaan: true });
      expect(await ask('0140')).toMatchObject({ toegestaan: false });
    });

    const party = (): { tls: TestPki['gateway']['client']; ca: string } => ({
      tls: pki.participant('rvdk').tls,
      ca: pki.authority.rootPem + pki.authority.intermediatePem,
    });
    const vto = (): SignedBericht =>
      signedDetached(freshExample('vtoDi01', 'minimaal.xml'), pki.participant('gemeente-arnhem').signing, 'xml');

    function submitOn(agent: Agent, { body, headers }: SignedBericht): Promise<number> {
      const { tls } = pki.participant('gemeente-arnhem');
      return new Promise((resolve, reject) => {
        const options = {
          ...{
            host: '127.0.0.1',
            port: gateway.port(),
            servername: 'localhost',
            method: 'POST',
            path: '/v1/berichten',
          },
          ...{ agent, headers: { ...headers }, cert: tls.chainPem, key: tls.privateKeyPem, ca: party().ca },
        };
        const sent = request(options, (answer) =>
          answer.resume().once('end', () => {
            resolve(answer.statusCode ?? 0);
          }),
        );
        sent.once('error', reject).end(body);
      });
    }
  });

  let read: RuleSet | undefined;

  function rules(): RuleSet {
    if (read !== undefined) return read;
    const names = [...readRuleFiles().keys()];
    const result = readRuleSet(new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')])));
    if (!result.ok) throw new Error(JSON.stringify(result.error.slice(0, 3)));
    return (read = result.value);
  }

  /** Table 33 read by code that shares nothing with the importer. */
  function endedCodes(): readonly string[] {
    const text = readFileSync(path.join(lists, 'referentie', 'tabel33-gemeenten.csv'), 'utf16le');
    return [...text.matchAll(/^\uFEFF?"(\d{4})",.*"(\d{8})"\r?$/gm)].map(([, code]) => String(code));
  }
}

function routeTo(rules: RuleSet, address: Address): ReturnType<typeof findRoute> {
  const typeRule = rules.types.get('notificatieDi01');
  const sender = [...rules.participants.values()].find(({ roles }) => roles.includes('RVDK'));
  if (typeRule === undefined || sender === undefined) throw new Error('no notificatieDi01 or no RvdK');
  return findRoute({ typeRule, sender, senderRoles: ['RVDK'], address, format: 'xml', form: 'detached' }, rules, NOW);
}
