// npm run certs [-- --force]: development certificates in certs-dev/out, and beside them what compose.yaml mounts into the gateway.
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, logLine, prepare, run } from './prepare.mjs';

const OUT = join(ROOT, 'certs-dev', 'out');
const CONTAINER = join(OUT, 'container');
const AUTHORITY = ['root.pem', 'intermediate.pem', 'root.crl.pem', 'intermediate.crl.pem'];

async function main(args) {
  await prepare();
  const code = await run(process.execPath, [join(ROOT, 'dist', 'certs-dev', 'generate.js'), OUT, ...args]);
  if (code !== 0 || args.includes('--help')) return code;
  copyForContainer();
  return 0;
}

// The image's user has another number than yours, and only root could give it files. So the copies are readable for everyone, inside a
// folder that on this machine only its owner can enter; a container gets the inner folder and never passes the outer one. Written over and
// not replaced: a running container holds on to the folder it was given.
function copyForContainer() {
  chmodSync(OUT, 0o700);
  makeReadableFolder(CONTAINER);
  for (const name of AUTHORITY) copyReadable(join(OUT, 'ca', name), join(CONTAINER, name));
  makeReadableFolder(join(CONTAINER, 'gateway'));
  for (const name of readdirSync(join(OUT, 'gateway')))
    copyReadable(join(OUT, 'gateway', name), join(CONTAINER, 'gateway', name));
}

function makeReadableFolder(path) {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}

function copyReadable(from, to) {
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    logLine(`certs: ${error.message}`);
    process.exitCode = 1;
  },
);
