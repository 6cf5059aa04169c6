// npm run generate: writes the pages that are made from other files. `npm run check:generated` fails when one is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

const schema = JSON.parse(readFileSync(join(ROOT, 'schemas', 'gateway.schema.json'), 'utf8'));
const defaults = readDefaults(readFileSync(join(ROOT, 'gateway', 'codec', 'gateway-config.ts'), 'utf8'));
writeFileSync(join(ROOT, 'docs', 'instellingen.md'), settingsPage());

/** Every key of the configuration file, with what it takes and what holds without it. */
function settingsPage() {
  return `# Instellingen

Alle sleutels van \`gateway.yaml\`. Een onbekende sleutel of een verkeerde waarde houdt de start tegen, met de naam erbij. Paden tellen
vanaf de map van het bestand zelf. Een voorbeeld: \`deploy/gateway.yaml\`. Deze pagina wordt gemaakt uit \`schemas/gateway.schema.json\`.

| Sleutel | Neemt | Zonder | Betekenis |
|---|---|---|---|
${rowsOf(schema).join('\n')}
`;
}

function rowsOf(node, path = []) {
  const required = new Set(node.required ?? []);
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = [...path, name];
    const target = child.$ref === undefined ? child : schema.$defs[child.$ref.split('/').at(-1)];
    if (child.description === undefined) return rowsOf(target, key);
    const fallback = child.default?.toLocaleString('nl-NL') ?? defaults.get(name) ?? '';
    const absent = required.has(name) && fallback === '' ? 'verplicht' : fallback;
    return [`| \`${key.join('.')}\` | ${describeType(child, target)} | ${absent} | ${child.description} |`];
  });
}

function describeType(child, target) {
  if (target.enum !== undefined) return target.enum.map((value) => `\`${value}\``).join(', ');
  if (target.properties !== undefined) return `\`{ ${Object.keys(target.properties).join(', ')} }\``;
  if (target.type === 'array') return 'lijst';
  if (target.type === 'integer') return 'getal';
  return child.$ref?.endsWith('/pad') ? 'pad' : 'tekst';
}

// The one defaults table stands in the code; numbers are written there as products of units.
function readDefaults(source) {
  const table = /DEFAULT_TIMES_MS = \{([^}]*)\}/.exec(source)?.[1] ?? '';
  const rows = [...table.matchAll(/(\w+): ([\d_ *]+),/g)];
  return new Map(rows.map(([, name, value]) => [name, product(value)]));
}

function product(text) {
  const total = text.split('*').reduce((result, factor) => result * Number(factor.replaceAll('_', '').trim()), 1);
  return total.toLocaleString('nl-NL');
}
