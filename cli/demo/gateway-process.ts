import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandFault } from '../fault.ts';

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  /** Asks it to stop and waits; after ten seconds it is ended. */
  stop(): Promise<void>;
}

/** Runs `doorgeefluik serve` with the configuration, as an operator would. Rejects with CommandFault when it doesn't start. */
export async function startGatewayProcess(config: string, log: string): Promise<GatewayProcess> {
  const lines = openSync(log, 'a', 0o600);
  // A group of its own, so that Ctrl-C reaches the demonstration alone, which then stops it in order. The channel ends it
  // when the demonstration is gone.
  const child = spawn(process.execPath, [...process.execArgv, COMMAND, 'serve', '--config', config], {
    stdio: ['ignore', lines, 'pipe', 'ipc'],
    detached: true,
  });
  closeSync(lines);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const url = `https://localhost:${await readPort(child, log)}`;
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function readPort(child: ChildProcess, log: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => {
      fail(new Error('it did not say that it listens'));
    }, START_MS);
    const fail = (cause?: unknown): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      const last = said.trim().split('\n').at(-1) ?? '';
      reject(new CommandFault(`Het doorgeefluik start niet: ${last === '' ? `zie ${log}` : last}`, { cause }));
    };
    child.once('error', fail).once('exit', () => {
      fail();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // The log itself holds JSON lines alone.
      appendFileSync(`${log}.meldingen`, text, { mode: 0o600 });
      said += text;
      const port = /poort (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    });
  });
}

const START_MS = 60_000;
const STOP_MS = 10_000;
// The same file beside this one, compiled or not.
const COMMAND = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url));
