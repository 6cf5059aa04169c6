import { compileCatalogue } from '../../../gateway/codec/catalogue.ts';
import type { TypeDefinition } from '../../../gateway/codec/catalogue.ts';
import { parseStrictJson } from '../../../gateway/codec/strict-json.ts';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import type { Violation } from '../../../gateway/domain/rejection.ts';
import { readSchemaFiles } from '../../support/standing.ts';
import { readExamples } from '../seeds.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateJson } from '../mutate/json.ts';
import { mutateXmlTree } from '../mutate/xml.ts';
import { must } from '../target.ts';
import type { FuzzTarget, Mutator } from '../target.ts';

// One type in both forms and one of StUF: the readers are the same for all.
const TYPES = ['opdrachtTb', 'notificatieDi01'];
const files = new Map(
  [...readSchemaFiles()].filter(
    ([path]) => !path.startsWith('berichten/') || TYPES.some((type) => path.startsWith(`berichten/${type}/`)),
  ),
);
const catalogue = compileCatalogue(files);
const definitions: readonly TypeDefinition[] = [...catalogue.types.values()].flat();
/** Every word of the schemas: what a refusal may name. */
const NAMES: ReadonlySet<string> = new Set(
  [...files].flatMap(([, content]) => content.toString('utf8').match(/[\w.-]+/g) ?? []),
);
const CANARY = 'kanariezang';

const isOfTypes = (text: string): boolean => TYPES.some((type) => text.includes(type));
const json = mutateJson([`"${CANARY}"`, `"${CANARY}/x"`, '"inhoud"', '"stuurgegevens"', '"~1"']);
const xml = mutateXmlTree([CANARY, `<${CANARY}/>`, `${CANARY}="x"`, `xmlns:k="urn:${CANARY}"`, '<?kanariezang?>']);

const ofForm: Mutator = (input, random, other) => (input[0] === 0x3c ? xml : json)(input, random, other);

const target: FuzzTarget = {
  invariant:
    'never throws; a refusal by schema names places of the schema, positions and rules alone, nothing of what was sent',
  seeds: [...readExamples('json', 400), ...readExamples('xml', 400)]
    .filter(isOfTypes)
    .slice(0, 24)
    .map((text) => Buffer.from(text)),
  mutators: [ofForm, ofForm, mutateBytes([CANARY])],
  run: (input) => {
    if (input[0] === 0x3c) judgeXml(input);
    else judgeJson(input);
  },
};

function judgeJson(input: Buffer): void {
  const read = parseStrictJson(input);
  if (!read.ok) return;
  for (const { jsonSchema } of definitions) judge(jsonSchema?.validate(read.value) ?? []);
}

function judgeXml(input: Buffer): void {
  const opened = openXml(input);
  if (!opened.ok) return;
  try {
    for (const { xsd } of definitions) judge(xsd?.validate(opened.value) ?? []);
  } finally {
    opened.value.dispose();
  }
}

function judge(violations: readonly Violation[]): void {
  must(violations.length <= 20, 'more than twenty');
  for (const { path, rule } of violations) {
    must(!`${path} ${rule}`.includes(CANARY), 'shows what was sent');
    for (const part of path.split('/')) {
      const name = part.replace(/^@/, '').replace(/\[\d{1,9}\]$/, '');
      must(/^(?:\d{1,9}|\*|)$/.test(name) || NAMES.has(name), `names ${part}, of no schema`);
    }
    must(/^[A-Za-z-]{1,40}$/.test(rule), `a rule that is none: ${rule}`);
  }
}

export default target;
