import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Makes sure that these programs are there: on Debian as root what is missing is installed, elsewhere this throws and says
 * what to install.
 */
export function needTools(names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const packages = missing.map((name) => PACKAGES[name] ?? name);
  const list = packages.join(' ');
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    throw new Error(
      `This needs ${missing.join(' ')}: install it first (apt-get install ${list}; brew install ${list})`,
    );
  }
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

function isInstalled(name: string): boolean {
  return spawnSync('/bin/sh', ['-c', `command -v ${name}`]).status === 0;
}

function apt(...args: readonly string[]): void {
  // Another test file may be installing something of its own at the same moment.
  const waiting = ['-o', `DPkg::Lock::Timeout=${String(LOCK_SECONDS)}`];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', [...waiting, ...args], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${stderr}`);
}

const LOCK_SECONDS = 120;
// Where the Debian package has another name than the program.
const PACKAGES: Readonly<Record<string, string>> = { javac: 'default-jdk-headless', xmllint: 'libxml2-utils' };
