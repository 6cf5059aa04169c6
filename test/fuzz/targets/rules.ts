import { readRuleSet, RULE_FILES } from '../../../gateway/codec/rule-set.ts';
import type { RuleSet } from '../../../gateway/domain/participants.ts';
import { readSmallRules } from '../small-rules.ts';
import { mutateLines } from '../mutate/lines.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

const files = readSmallRules();
const textOf = (name: string): string => String(files.get(`${name}.yaml`));
const WORDS = [
  ...[
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '!!str ',
    '!!js/function x',
    '|',
    '>',
    '? ',
    '---',
    '...',
    '#',
    "'",
    '"',
    ': ',
    '<<: *a',
  ],
  ...[
    'null',
    '~',
    'true',
    '1e3',
    '0x10',
    '.inf',
    '2026-02-30',
    '1970-01-01',
    '__proto__: x',
    'constructor: x',
    '\t',
    '%YAML 1.1',
    '-',
  ],
  ...[
    'RVDK',
    'GEMEENTE',
    'GI',
    'vtoDi01',
    '00000001802611266000',
    '00000099000000001000',
    'https://a@b',
    'http://x',
    'id: x',
    'tot: 2020-01-01',
  ],
];

// An input is the name of a file and its text; the other files of the set stay as they are.
const target: FuzzTarget = {
  invariant:
    'never throws; a set that is accepted never has two rows for one combination, and refers to nothing that is not in it',
  seeds: [
    ...RULE_FILES.map((name) => Buffer.from(`${name}\n${textOf(name)}`)),
    Buffer.from(
      'verzendmatrix\nverzendmatrix:\n- berichttype: [vtoDi01, opdrachtTb]\n  afzender: [GEMEENTE, RVDK]\n  ontvanger: [RVDK, GI]\n',
    ),
    Buffer.from('noodstop\ndeelnemers: []\nberichttypen: [vtoDi01]\n'),
  ],
  mutators: [mutateLines(WORDS), mutateLines(WORDS), mutateBytes(WORDS)],
  run: (input) => {
    const text = input.toString('utf8');
    const [name = ''] = text.split('\n', 1);
    const body = text.slice(name.length + 1);
    if (!RULE_FILES.some((one) => one === name)) return;
    const read = readRuleSet(new Map([...files, [`${name}.yaml`, body]]));
    if (!read.ok) must(read.error.length > 0, 'refuses without saying why');
    else judge(read.value);
  },
};

function judge(rules: RuleSet): void {
  const rows = [...rules.sendRules.values()].flat();
  const combinations = new Set(
    rows.map(({ type, senderRole, recipientRole }) => [type, senderRole, recipientRole].join('\n')),
  );
  must(combinations.size === rows.length, 'two rows for one combination');
  must(new Set(rows.map(({ id }) => id)).size === rows.length, 'two rows of one name');
  must(
    rows.every(({ type }) => rules.types.has(type)),
    'a row for a type that is not there',
  );
  for (const point of rules.points.values()) {
    must(rules.participants.get(point.recipient)?.roles.includes(point.role) === true, 'a point of nobody');
    must(
      point.url === undefined || /^https:\/\/[^@/]+(?:\/|$)/i.test(new URL(point.url).href),
      'a point elsewhere than on https',
    );
  }
  for (const participant of rules.participants.values())
    must(/^\d{20}$/.test(participant.oin), 'a participant without OIN');
  for (const { holder, grantor } of rules.mandates)
    must(rules.participants.has(holder) && rules.participants.has(grantor), 'a mandate of nobody');
}

export default target;
