import type { SchemaFiles } from './schema-files.ts';

/** A change to a published schema without which no compiler takes it. */
export interface StufRepair {
  readonly kind: 'slashes' | 'include';
  /** The file that was changed, by its path in the package. */
  readonly file: string;
  /** The location as it stands there now. */
  readonly location: string;
}

/** What came of a repair: all files, those it didn't touch as they were. */
export interface Repaired {
  readonly files: SchemaFiles;
  readonly repairs: readonly StufRepair[];
}

/** Turns `\` in a schemaLocation, a path of one operating system, into the `/` of a URI (XML Schema 1, §4.3.2). */
export function slashLocations(files: SchemaFiles): Repaired {
  const repairs: StufRepair[] = [];
  const changed = mapXsd(files, (path, text) =>
    text.replace(LOCATION, (attribute: string, name: string, value: string) => {
      if (!value.includes('\\')) return attribute;
      const location = value.replaceAll('\\', '/');
      repairs.push({ kind: 'slashes', file: path, location });
      return `${name}"${location}"`;
    }),
  );
  return { files: changed, repairs };
}

/**
 * Adds to the koppelvlak's own schema of StUF types the includes of the sector models' simple types that its types are made of. Those
 * sector models stand in the same package, and nothing includes them.
 */
export function addIncludes(files: SchemaFiles): Repaired {
  const repairs: StufRepair[] = [];
  const changed = mapXsd(files, (path, text) => {
    const root = path.search(STUF_TYPES);
    const last = [...text.matchAll(INCLUDE)].at(-1);
    if (root < 0 || last === undefined) return text;
    const locations = SIMPLE_TYPES.filter((file) => files.has(path.slice(0, root) + file))
      .map((file) => `../../${file}`)
      .filter((location) => !text.includes(`"${location}"`));
    repairs.push(...locations.map((location) => ({ kind: 'include' as const, file: path, location })));
    const start = last[0].slice(0, last[0].indexOf('include'));
    const added = locations.map((location) => `${start}include schemaLocation="${location}"/>`).join('');
    const at = last.index + last[0].length;
    return text.slice(0, at) + added + text.slice(at);
  });
  return { files: changed, repairs };
}

function mapXsd(files: SchemaFiles, change: (path: string, text: string) => string): SchemaFiles {
  return new Map(
    [...files].map(([path, bytes]) => {
      const text = path.endsWith('.xsd') ? Buffer.from(bytes).toString(ENCODING) : '';
      const changed = change(path, text);
      return [path, changed === text ? bytes : Buffer.from(changed, ENCODING)];
    }),
  );
}

// One character a byte: whatever is not changed goes back as it was, in any encoding that knows ASCII.
const ENCODING = 'latin1';
const LOCATION = /(schemaLocation\s*=\s*)"([^"]*)"/g;
const INCLUDE = /<(?:[A-Za-z_][\w.-]*:)?include\s[^<>]*\/>/g;
const STUF_TYPES = /(?<=^|\/)jz\d{4}\/entiteiten\/jz\d{4}_stuf0301\.xsd$/;
const SIMPLE_TYPES = [
  'bg0310/entiteiten/bg0310_stuf_simpleTypes.xsd',
  'zkn0310/entiteiten/zkn0310_stuf_simpleTypes.xsd',
];
