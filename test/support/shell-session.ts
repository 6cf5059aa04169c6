import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a piece of shell text did. */
export interface StepResult {
  /** Standard output, without the line breaks at its end. */
  readonly output: string;
  /** Exit status of its last command. */
  readonly status: number;
}

/** A shell that runs pieces of text one after another, as somebody at a keyboard would. */
export interface ShellSession {
  readonly shell: string;
  /** Its working directory. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Everything a session did. */
export interface SessionResult {
  /** One for each text that was given. */
  readonly steps: readonly StepResult[];
  /** Standard error of all of them. */
  readonly errors: string;
}

/** Runs the texts unchanged in one shell, with the variables set and `doorgeefluik` on the path; rejects when not all ran. */
export async function runSteps(session: ShellSession, texts: readonly string[]): Promise<SessionResult> {
  const own = mkdtempSync(join(tmpdir(), 'session-'));
  try {
    writeFileSync(
      join(own, 'doorgeefluik'),
      `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli/main.js')}' "$@"\n`,
      { mode: 0o755 },
    );
    const marker = randomUUID();
    const set = Object.entries(session.variables).map(([name, value]) => `${name}='${value}'\n`);
    const marked = texts.map((text) => `${text}\nprintf '\\n%s %s\\n' ${marker} $?\n`);
    writeFileSync(join(own, 'script'), [...set, ...marked].join(''));
    const ran = await run(session, own);
    const steps = [...ran.output.matchAll(new RegExp(`([^]*?)\\n${marker} (\\d+)\\n`, 'g'))].map(
      ([, output = '', status]) => ({ output: output.replace(/\n+$/, ''), status: Number(status) }),
    );
    if (steps.length !== texts.length) throw new Error(`the session stopped early:\n${ran.output}\n${ran.errors}`);
    return { steps, errors: ran.errors };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function run(session: ShellSession, own: string): Promise<{ readonly output: string; readonly errors: string }> {
  const child = spawn(session.shell, [join(own, 'script')], {
    cwd: session.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${own}:${String(process.env['PATH'])}`, HOME: own },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      settle({ output, errors });
    });
  });
}
