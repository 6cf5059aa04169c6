import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { needTools } from '../support/tools.ts';
import type { Comparison, Outcome } from './compare.ts';
import { crosscheck, describe, totalOf } from './crosscheck.ts';
import type { Findings, Tools } from './crosscheck.ts';
import { startJdk } from './jdk.ts';
import { createSignatories } from './signatories.ts';
import { openXmlsec } from './xmlsec.ts';

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '3275' },
    kept: { type: 'string', default: 'coverage/crosscheck' },
  },
});

const startedAt = performance.now();
needTools(['xmlsec1', 'javac']);
const folder = mkdtempSync(path.join(tmpdir(), 'crosscheck-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const jdk = await startJdk();
try {
  const signatories = createSignatories();
  process.exitCode = await run({ jdk, xmlsec: openXmlsec(folder), signatories, standing: signatories.standing });
} finally {
  await jdk.stop();
}

async function run(tools: Tools): Promise<number> {
  const seed = Number(given.seed);
  const amounts = given.quick
    ? { seed, documents: 1, mutants: 12, resigned: 4 }
    : { seed, documents: 3, mutants: 80, resigned: 30 };
  const { xmlsec } = tools;
  say(`seed ${String(seed)}; xmlsec1 ${xmlsec.version}, JDK ${tools.jdk.version} with secure validation`);
  if (!xmlsec.knowsPss) say(`xmlsec1 ${xmlsec.version} knows no RSA-PSS: there the JDK alone is compared with`);
  let told = 0;
  const findings = await crosscheck(amounts, tools, (soFar) => {
    const count = totalOf(soFar.mutants) + totalOf(soFar.resigned);
    if (count - told < 1000) return;
    told = count;
    say(`${seconds()} s: ${String(count)} changed documents, ${String(soFar.violations.length)} violations`);
  });
  report(findings);
  return findings.violations.length + findings.untaken.length === 0 ? 0 : 1;
}

function report(findings: Findings): void {
  const { signed, untaken, mutants, resigned, stricter, violations } = findings;
  for (const line of untaken) say(`not taken by all: ${line}`);
  for (const [index, one] of violations.entries()) keep(one, index);
  say(`changed after signing: ${tell(mutants)}`);
  say(`changed before signing: ${tell(resigned)}`);
  const codes = [...stricter].sort(([, one], [, other]) => other - one);
  say(`refused by ours alone: ${codes.map(([code, count]) => `${String(count)} ${code}`).join(', ')}`);
  const total = signed.own + signed.xmlsec1 + signed.jdk;
  say(
    `crosscheck: ${String(total)} documents signed (own ${String(signed.own)}, xmlsec1 ${String(signed.xmlsec1)}, ` +
      `JDK ${String(signed.jdk)}), ${String(total - untaken.length)} taken by all; ` +
      `${String(totalOf(mutants) + totalOf(resigned))} changed, ${String(violations.length)} violations; ${seconds()} s`,
  );
}

function tell(outcomes: Readonly<Record<Outcome, number>>): string {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${String(count)} ${outcome}`);
  return `${String(totalOf(outcomes))}: ${counts.join(', ')}`;
}

/** Writes the document of a violation with its signer's certificate. */
function keep({ candidate, outcome, why }: Comparison, index: number): void {
  mkdirSync(given.kept, { recursive: true });
  const file = path.join(given.kept, String(index + 1).padStart(3, '0'));
  writeFileSync(`${file}.xml`, candidate.bytes);
  writeFileSync(`${file}.pem`, candidate.signed.signatory.certificatePem);
  say(`VIOLATION ${file}.xml: ${outcome} (${why}); ${describe(candidate.signed)}; ${candidate.steps.join(', ')}`);
}

function seconds(): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
