// node scripts/complete-lock.mjs: run after `npm install` where the package registry is a mirror that lacks packages of other platforms.
// npm then leaves those optional packages without a version in package-lock.json, and `npm ci` refuses the file everywhere. Their version
// is exact in the package that asks for them, and their platform stands in their name.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, logLine } from './prepare.mjs';

const PLATFORM = /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-([a-z0-9]+)(?:-([a-z]+))?$/;
const LIBC = { gnu: 'glibc', glibc: 'glibc', musl: 'musl' };

/** The lock file's packages with an entry for every optional package of another platform that it lacks. */
function completed(packages) {
  const added = new Map();
  for (const parent of Object.values(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const entry = foreignEntry({ name, version, dev: parent.dev === true });
      if (entry !== undefined && packages[`node_modules/${name}`]?.version === undefined)
        added.set(`node_modules/${name}`, entry);
    }
  }
  const all = [...Object.entries(packages).filter(([path]) => !added.has(path)), ...added];
  return { packages: Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en'))), added: [...added.keys()] };
}

function foreignEntry({ name, version, dev }) {
  const platform = PLATFORM.exec(name);
  if (platform === null || !/^\d+\.\d+\.\d+/.test(version)) return undefined;
  const [, os, cpu, abi] = platform;
  const libc = os === 'linux' ? LIBC[abi] : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

const path = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const { packages, added } = completed(lock.packages);
if (added.length > 0) writeFileSync(path, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
logLine(`complete-lock: ${added.length} entries added`);
