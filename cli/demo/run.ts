import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARTICIPANTS } from '../../certs-dev/participants.ts';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import type { RuleSet } from '../../gateway/domain/participants.ts';
import type { ExitCode } from '../fault.ts';
import { wrapPairs } from '../output.ts';
import type { Output } from '../output.ts';
import { conclude } from './conclusion.ts';
import { countTotals, showStep } from './describe.ts';
import type { Totals } from './describe.ts';
import { prepareFolder, writeConfig, writeRules } from './folder.ts';
import type { DemoFolder } from './folder.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { showInvitation } from './invitation.ts';
import { createPlayer } from './play.ts';
import type { Played } from './play.ts';
import { openRecipients } from './recipients.ts';
import type { DemoRecipients } from './recipients.ts';
import { STEPS } from './scenario.ts';

/** What a demonstration runs with. */
export interface DemoOptions {
  readonly once: boolean;
  readonly folder: string;
  readonly amqpUrl: string | undefined;
  readonly canary: string | undefined;
  readonly output: Output;
  readonly root: string;
  readonly now: () => Instant;
  readonly signal: AbortSignal;
}

/** The whole demonstration, from certificates to the last line. Everything it started has ended when it resolves. */
export async function runDemo(options: DemoOptions): Promise<ExitCode> {
  const { output, root, now } = options;
  output.line(output.paint.bold('Doorgeefluik: demo'));
  output.line();
  const folder = prepareFolder(options.folder, now());
  const rulesFolder = join(root, 'routing-rules');
  const rules = readRules(rulesFolder);
  const onFault = (sentence: string): void => {
    output.note(`demo: ${sentence}`);
  };
  const points = pointsInPlay(rules);
  const recipients = await openRecipients({ points }, { certificates: folder.certificates, now, onFault });
  try {
    writeRules(rulesFolder, folder, recipients.urls);
    writeConfig(folder, options.amqpUrl);
    return await withGateway(options, { folder, rules, recipients, pulling: points.size - recipients.urls.size });
  } finally {
    await recipients.close();
  }
}

interface Stage {
  readonly folder: DemoFolder;
  readonly rules: RuleSet;
  readonly recipients: DemoRecipients;
  /** How many points fetch what is for them. */
  readonly pulling: number;
}

async function withGateway(options: DemoOptions, stage: Stage): Promise<ExitCode> {
  const { folder, recipients } = stage;
  const gateway = await startGatewayProcess(folder.config, folder.log);
  try {
    recipients.startPulling(gateway.url);
    showStage(options, stage, gateway.url);
    const totals = await playAll(options, stage, gateway.url);
    const exitCode = await conclude(options.output, folder, totals);
    if (options.once || options.signal.aborted) return exitCode;
    showInvitation(options.output, { folder, gatewayUrl: gateway.url });
    await aborted(options.signal);
    options.output.note('demo: gestopt');
    return exitCode;
  } finally {
    await recipients.close();
    await gateway.stop();
  }
}

async function playAll(
  options: DemoOptions,
  { folder, rules, recipients }: Stage,
  gatewayUrl: string,
): Promise<Totals> {
  const { output, canary, now, root, signal } = options;
  const composing = { schemas: join(root, 'schemas'), canary };
  const player = createPlayer({ folder, gatewayUrl, held: recipients.held, composing, now });
  const all: Played[] = [];
  try {
    for (const step of STEPS) {
      if (signal.aborted) break;
      const played = await player.play(step, all.length + 1);
      all.push(played);
      showStep(output, played, { number: all.length, isPulled: isPulled(rules, step.to) });
    }
  } finally {
    player.close();
  }
  return countTotals(all, recipients.held);
}

function showStage(
  { output, amqpUrl }: DemoOptions,
  { folder, rules, recipients, pulling }: Stage,
  gatewayUrl: string,
): void {
  const pairs = [
    ['doorgeefluik', `${gatewayUrl}, ${amqpUrl === undefined ? 'met ingebouwde wachtrij' : 'met RabbitMQ'}`],
    [
      'regels',
      `${String(rules.types.size)} berichttypen, ${String(rules.participants.size)} deelnemers, in ${folder.rules}`,
    ],
    ['certificaten', `voor elke deelnemer, in ${folder.certificates}`],
    ['ontvangers', `${String(recipients.urls.size)} laten bezorgen, ${String(pulling)} halen op`],
  ] as const;
  for (const line of wrapPairs(pairs, output.width - 4)) output.line(`    ${line}`);
  output.line();
}

// The rules hold many more parties than take part; each that fetches would hold a connection open.
function pointsInPlay(rules: RuleSet): RuleSet['points'] {
  const names: ReadonlySet<string> = new Set(STEPS.map(({ to }) => to));
  const oins: ReadonlySet<string> = new Set(PARTICIPANTS.filter(({ name }) => names.has(name)).map(({ oin }) => oin));
  return new Map([...rules.points].filter(([, { recipient }]) => oins.has(recipient)));
}

function isPulled({ pointsByRecipient }: RuleSet, name: string): boolean {
  const party = PARTICIPANTS.find((one) => one.name === name);
  return [...pointsByRecipient].some(
    ([oin, points]) => oin === party?.oin && points.every(({ url }) => url === undefined),
  );
}

function readRules(folder: string): RuleSet {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(?:yaml|json)$/.test(path),
  );
  const read = readRuleSet(new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])));
  if (!read.ok) throw new RangeError(`the rules in ${folder} are not valid`);
  return read.value;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
