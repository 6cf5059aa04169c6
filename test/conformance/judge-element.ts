import type { XsdValidator } from 'libxml2-wasm';
import type { Case, CaseSet } from './cases.ts';
import { explanationOf, type Explanation } from './explanations.ts';
import { facetName, type Facet, type Probe } from './facets.ts';
import type { PackageJudge } from './installed-package.ts';
import { judge } from './judges.ts';

/** The schemas that judge the messages of one root element. */
export interface Bench {
  readonly own: XsdValidator;
  readonly normative: XsdValidator;
  /** The official package as it is installed, in each of its published forms. */
  readonly packages: readonly PackageJudge[];
}

/** What came of the messages of one root element. */
export interface ElementResult {
  readonly name: string;
  readonly valid: number;
  readonly mutated: number;
  /** Of all messages: judged alike by the own and the normative schema. */
  readonly agreed: number;
  readonly facets: number;
  readonly covered: number;
  readonly uncovered: readonly string[];
  /** One line each; any of them is a shortfall. */
  readonly invalid: readonly string[];
  readonly unexplained: readonly string[];
  readonly deviations: readonly string[];
  readonly explained: readonly Explanation[];
}

interface Verdict {
  readonly own: boolean;
  readonly normative: boolean;
  readonly packages: readonly boolean[];
  readonly xmllint: readonly boolean[];
}

/** Has every message judged by every schema and counts what they say. */
export async function judgeElement(
  name: string,
  { cases, facets }: CaseSet,
  { bench, explanations }: { readonly bench: Bench; readonly explanations: readonly Explanation[] },
): Promise<ElementResult> {
  const verdicts = await judgeAll(cases, bench);
  const at = (index: number): Verdict => verdicts[index] ?? NONE;
  const valid = cases.filter(({ facet }) => facet === undefined).length;
  const differing = [...cases.entries()].filter(([index]) => at(index).own !== at(index).normative);
  const explained = differing.flatMap(
    ([index, { facet }]) => (facet && explanationOf(explanations, facet, at(index).own)) ?? [],
  );
  const tried = triedProbes(cases, at);
  const counted = facets.filter(({ extra }) => extra !== true);
  const uncovered = counted.filter(({ probes }) => !probes.every((probe) => tried.has(probe)));
  return {
    name,
    valid,
    mutated: cases.length - valid,
    agreed: cases.length - differing.length,
    facets: counted.length,
    covered: counted.length - uncovered.length,
    uncovered: uncovered.map(facetName),
    invalid: linesOf(cases.slice(0, valid), (index) => !(at(index).own && at(index).normative), at),
    unexplained: linesOf(
      cases,
      (index, { facet }) =>
        facet !== undefined &&
        at(index).own !== at(index).normative &&
        explanationOf(explanations, facet, at(index).own) === undefined,
      at,
    ),
    deviations: linesOf(
      cases,
      (index) => [...at(index).packages, ...at(index).xmllint].some((accepts) => accepts !== at(index).normative),
      at,
    ),
    explained,
  };
}

async function judgeAll(cases: readonly Case[], bench: Bench): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let from = 0; from < cases.length; from += BATCH) {
    const texts = cases.slice(from, from + BATCH).map(({ text }) => text);
    // xmllint is a process of its own and works meanwhile.
    const outside = Promise.all(bench.packages.map((one) => one.outside.judge(texts)));
    const validators = [bench.own, bench.normative, ...bench.packages.map((one) => one.inside.validator)];
    const inside = texts.map((text) => judge(text, validators));
    const xmllint = await outside;
    for (const [index, [own = false, normative = false, ...packages]] of inside.entries())
      verdicts.push({ own, normative, packages, xmllint: xmllint.map((answers) => answers[index] ?? false) });
  }
  return verdicts;
}

// A probe counts when it was made from a message that is valid and the normative schema says what the facet demands.
function triedProbes(cases: readonly Case[], at: (index: number) => Verdict): ReadonlySet<Probe> {
  const tried = new Set<Probe>();
  for (const [index, { probe, base }] of cases.entries()) {
    if (probe === undefined || !at(base).normative) continue;
    if (probe.accepted === undefined || probe.accepted === at(index).normative) tried.add(probe);
  }
  return tried;
}

function linesOf(
  cases: readonly Case[],
  concerns: (index: number, one: Case) => boolean,
  at: (index: number) => Verdict,
): readonly string[] {
  const lines = [...cases.entries()]
    .filter(([index, one]) => concerns(index, one))
    .map(([index, one]) => `${describe(one.facet, one.probe)}: ${sayings(at(index))}`);
  return [...new Set(lines)];
}

function describe(facet: Facet | undefined, probe: Probe | undefined): string {
  return facet === undefined ? 'valid message' : `${facetName(facet)}, ${probe?.name ?? ''}`;
}

function sayings({ own, normative, packages, xmllint }: Verdict): string {
  const word = (accepts: boolean): string => (accepts ? 'accepts' : 'refuses');
  const installed = packages.map((accepts, index) => {
    const other = xmllint[index] ?? false;
    return `, package ${String(index + 1)} ${word(accepts)}, xmllint with it ${word(other)}`;
  });
  return `own ${word(own)}, normative ${word(normative)}${installed.join('')}`;
}

const NONE: Verdict = { own: false, normative: false, packages: [], xmllint: [] };
const BATCH = 600;
