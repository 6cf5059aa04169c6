import type { Violation } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { compareVersions, elementKey } from './catalogue.ts';
import { explainSchemaFault } from './schema-files.ts';
import type { SchemaFiles } from './schema-files.ts';
import { addIncludes, slashLocations } from './stuf-repairs.ts';
import type { StufRepair } from './stuf-repairs.ts';
import { NS, openXml } from './xml-document.ts';
import type { XmlMessage } from './xml-document.ts';
import { readXsdFile, resolvePath } from './xsd-tree.ts';
import type { XsdFile, XsdReference } from './xsd-tree.ts';
import { compileXsd } from './xsd.ts';
import type { XsdSchema } from './xsd.ts';

/** A published package of StUF schemas that compiles. */
export interface StufPackage {
  readonly types: readonly StufPackageType[];
  /** The schemas, repaired. */
  readonly files: SchemaFiles;
  readonly repairs: readonly StufRepair[];
}

/** A message type of a package. */
export interface StufPackageType {
  readonly type: string;
  readonly version: string;
  readonly namespace: string;
  /** The schema to compile for it. */
  readonly entry: string;
}

/** Why a package can't be used. `file` is a path inside it; `explanation` is the compiler's. */
export type StufPackageProblem =
  | { readonly kind: 'no-types' }
  | { readonly kind: 'no-version'; readonly file: string }
  | { readonly kind: 'missing'; readonly file: string; readonly from: string }
  | { readonly kind: 'outside'; readonly file: string }
  | { readonly kind: 'broken'; readonly explanation: string };

/**
 * Finds the message types of a package and compiles the schemas that they need. What is known to be wrong with published packages is
 * repaired where it stands in the way, and said.
 */
export function readStufPackage(files: SchemaFiles): Result<StufPackage, StufPackageProblem> {
  const slashed = slashLocations(files);
  const read = compileTypes(slashed.files);
  if (read.ok) return ok({ types: read.value, files: slashed.files, repairs: slashed.repairs });
  const completed = addIncludes(slashed.files);
  if (completed.repairs.length === 0) return read;
  const reread = compileTypes(completed.files);
  if (!reread.ok) return reread;
  return ok({ types: reread.value, files: completed.files, repairs: [...slashed.repairs, ...completed.repairs] });
}

interface Candidate {
  readonly path: string;
  readonly version: string | undefined;
  /** Every message element that a compilation of this schema can reach. */
  readonly elements: readonly MessageElement[];
  readonly problem: StufPackageProblem | undefined;
}

interface MessageElement {
  readonly key: string;
  readonly type: string;
  readonly namespace: string;
}

type Compiled = Result<readonly StufPackageType[], StufPackageProblem>;

// The schema from which most can be reached comes first: a family of berichten by itself may lack what only the whole includes.
function compileTypes(files: SchemaFiles): Compiled {
  const candidates = findCandidates(files);
  const wanted = new Set(candidates.flatMap(({ elements }) => elements.map(({ key }) => key)));
  if (wanted.size === 0) return err({ kind: 'no-types' });
  const found = new Map<string, StufPackageType>();
  const problems: StufPackageProblem[] = [];
  for (const candidate of candidates) {
    const elements = candidate.elements.filter(({ key }) => !found.has(key));
    const compiled = elements.length === 0 ? ok([]) : compileCandidate(candidate, elements, files);
    if (!compiled.ok) problems.push(compiled.error);
    else for (const type of compiled.value) found.set(elementKey(type.namespace, type.type), type);
  }
  const [first] = problems;
  return first !== undefined && found.size < wanted.size ? err(first) : ok([...found.values()]);
}

function compileCandidate(candidate: Candidate, elements: readonly MessageElement[], files: SchemaFiles): Compiled {
  const { path, version, problem } = candidate;
  if (problem !== undefined) return err(problem);
  if (version === undefined) return err({ kind: 'no-version', file: path });
  try {
    const schema = compileXsd(files, path);
    const known = elements.filter((element) => isKnown(schema, element));
    schema.dispose();
    return ok(known.map(({ type, namespace }) => ({ type, namespace, version, entry: path })));
  } catch (cause) {
    return err({ kind: 'broken', explanation: explainSchemaFault(cause) });
  }
}

// libxml2 leaves out a second file for a namespace that it imported already; what only stood there is no element then.
function isKnown(schema: XsdSchema, { type, namespace }: MessageElement): boolean {
  const opened = openXml(Buffer.from(`<${type} xmlns="${namespace}"/>`));
  return opened.ok && !validateOnce(schema, opened.value).some(({ rule }) => rule === 'unknown');
}

function validateOnce(schema: XsdSchema, message: XmlMessage): readonly Violation[] {
  const violations = schema.validate(message);
  message.dispose();
  return violations;
}

function findCandidates(files: SchemaFiles): readonly Candidate[] {
  const tree = new Map(
    [...files].flatMap(([path, bytes]) => {
      const file = path.endsWith('.xsd') ? readXsdFile(bytes) : undefined;
      return file === undefined ? [] : [[path, file] as const];
    }),
  );
  const ranked = [...tree].map(([path, file]) => {
    const reach = walk(tree, { path, file }, ['include', 'import']);
    const own = walk(tree, { path, file }, ['include']).files.flatMap(toMessageElements).length;
    const version = reach.files
      .flatMap(({ patches }) => patches)
      .sort(compareVersions)
      .at(-1);
    const elements = uniqueByKey(reach.files.flatMap(toMessageElements));
    return { own, candidate: { path, version, elements, problem: reach.problem } };
  });
  return ranked
    .sort((a, b) => b.candidate.elements.length - a.candidate.elements.length || b.own - a.own)
    .map(({ candidate }) => candidate);
}

interface Reach {
  readonly files: readonly XsdFile[];
  readonly problem: StufPackageProblem | undefined;
}

/** Every file that can be reached from one, itself among them, and the first reference that leads nowhere. */
function walk(tree: ReadonlyMap<string, XsdFile>, start: Step, kinds: readonly XsdReference['kind'][]): Reach {
  const seen = new Map([[start.path, start.file]]);
  let problem: StufPackageProblem | undefined;
  // A Map goes on with what is added while it is gone through.
  for (const [from, file] of seen) {
    for (const { location } of file.references.filter(({ kind }) => kinds.includes(kind))) {
      const path = resolvePath(from, location);
      const target = path === undefined ? undefined : tree.get(path);
      if (path === undefined) problem ??= { kind: 'outside', file: from };
      else if (target === undefined) problem ??= { kind: 'missing', file: path, from };
      else seen.set(path, target);
    }
  }
  return { files: [...seen.values()], problem };
}

interface Step {
  readonly path: string;
  readonly file: XsdFile;
}

function toMessageElements({ namespace, elements }: XsdFile): readonly MessageElement[] {
  const isMessage = (name: string): boolean =>
    namespace === NS.stuf ? ANSWERS.has(name) : KOPPELVLAK.test(namespace) && MESSAGE.test(name);
  return elements.filter(isMessage).map((type) => ({ key: elementKey(namespace, type), type, namespace }));
}

function uniqueByKey(elements: readonly MessageElement[]): readonly MessageElement[] {
  return [...new Map(elements.map((element) => [element.key, element])).values()];
}

// Names of folders are made of them.
const KOPPELVLAK = /^http:\/\/www\.stufstandaarden\.nl\/koppelvlak\/[A-Za-z0-9]+$/;
const MESSAGE = /^[A-Za-z][A-Za-z0-9]{0,60}Di01$/;
// StUF 03.01, §4.4: what goes back on a Di01 as a bericht of its own. The others are answers of the line.
const ANSWERS: ReadonlySet<string> = new Set(['Bv01Bericht', 'Fo01Bericht', 'Fo03Bericht']);
