// Installs Debian's rabbitmq-server without leaving a running service behind.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { onExit, run } from './prepare.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

/** apt-get install rabbitmq-server, while a policy forbids the package to start its service; root on Debian only. */
export async function installByApt({ log }) {
  log('rabbitmq: installing rabbitmq-server with apt-get ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await apt(['update', '-qq'], env);
  await withServicesForbidden(() => apt(['install', '-y', '-qq', '--no-install-recommends', 'rabbitmq-server'], env));
}

async function apt(args, env) {
  const code = await run('apt-get', args, { env, output: 'ignore' });
  if (code !== 0) throw new Error(`apt-get ${args.join(' ')} failed with exit code ${code}`);
}

// invoke-rc.d and deb-systemd-invoke ask this script before they start a service; 101 means "not allowed".
async function withServicesForbidden(action) {
  if (existsSync(POLICY)) return action();
  const remove = () => rmSync(POLICY, { force: true });
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const callOff = onExit(remove);
  try {
    return await action();
  } finally {
    remove();
    callOff();
  }
}
