// npm run sbom [-- <file>]: writes what the product is made of as CycloneDX, from package-lock.json by npm's own `npm sbom`. Without a file
// it goes to dist/sbom.cdx.json, where the image has it. Needs no network.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Name and version of each package that the product runs with, by package-lock.json. */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(
      ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`,
    );
}

function listEverything() {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`npm sbom: ${stderr}`);
  return JSON.parse(stdout);
}

// `--omit dev` leaves out what a development package needs too, so what the product needs is picked here.
function pick(sbom, wanted) {
  const isWanted = (reference) => wanted.has(reference);
  const root = sbom.metadata.component['bom-ref'];
  const components = sbom.components.filter((component) => isWanted(component['bom-ref']));
  const missing = [...wanted].filter((name) => !components.some((component) => component['bom-ref'] === name));
  if (missing.length > 0) throw new Error(`npm sbom: not in it: ${missing.join(', ')}`);
  const dependencies = sbom.dependencies
    .filter(({ ref }) => ref === root || isWanted(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isWanted) }));
  return { ...sbom, components, dependencies };
}

const target = resolve(process.argv[2] ?? join(ROOT, 'dist', 'sbom.cdx.json'));
const sbom = pick(listEverything(), new Set(productionPackages()));
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, `${JSON.stringify(sbom, undefined, 2)}\n`);
process.stdout.write(`sbom: ${sbom.components.length} packages in ${target}\n`);
