import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createAuthority } from './authority.ts';
import { BAD_NAMES, issueBad } from './bad-identities.ts';
import { issueGateway, issueParticipant } from './identities.ts';
import { GATEWAY, PARTICIPANTS } from './participants.ts';
import { isCurrentSet, writeAuthority, writeIdentity } from './store.ts';
import type { Expected } from './store.ts';

export { readAuthority } from './store.ts';
export { revoke } from './revoke.ts';

/** The name of the development authority; productie knows development roots by its last word. */
export const AUTHORITY_NAME = 'Doorgeefluik Ontwikkeling';

/** Makes a whole new set in the folder, in place of any set there; `report` gets a line for each thing made. */
export function writeDevelopmentPki(
  folder: string,
  options: { readonly now: Date; readonly includeBad?: boolean; readonly report?: (line: string) => void },
): void {
  const { now } = options;
  const report = options.report ?? ((): void => undefined);
  const authority = createAuthority({ name: AUTHORITY_NAME, now });
  writeIdentity(folder, 'gateway', { ...issueGateway(authority) });
  report(`gateway: server, client, signing, checkpoint (OIN ${GATEWAY.oin})`);
  for (const participant of PARTICIPANTS) {
    writeIdentity(folder, participant.name, { ...issueParticipant(authority, participant) });
    report(`${participant.name}: tls, signing (OIN ${participant.oin})`);
  }
  if (options.includeBad === true) {
    const other = createAuthority({ name: `Andere ${AUTHORITY_NAME}`, now });
    for (const name of BAD_NAMES) {
      writeIdentity(join(folder, BAD_FOLDER), name, { ...issueBad(name, { authority, other, now }) });
      report(`${BAD_FOLDER}/${name}: tls, signing`);
    }
  }
  writeAuthority(folder, authority, now);
  report(`ca: root, intermediate, intrekkingslijsten (${AUTHORITY_NAME})`);
}

/** Whether the folder holds a whole set that is valid at `now`, so that it need not be made again. */
export function hasCurrentPki(folder: string, options: { readonly now: Date; readonly includeBad?: boolean }): boolean {
  const expected = options.includeBad === true ? [...GOOD, LAST_BAD] : GOOD;
  return isCurrentSet(folder, expected, options.now);
}

const BAD_FOLDER = 'slecht';

const GOOD: readonly Expected[] = [
  ...['server', 'client', 'signing', 'checkpoint'].map((use) => ({ name: 'gateway', use, oin: GATEWAY.oin })),
  ...PARTICIPANTS.flatMap(({ name, oin }) => ['tls', 'signing'].map((use) => ({ name, use, oin }))),
];

// Written after the other bad ones, and itself of the trusted authority: shows that the bad ones belong to the set.
const LAST_BAD: Expected = {
  name: join(BAD_FOLDER, 'zelfde-naam-andere-sleutel'),
  use: 'signing',
  oin: PARTICIPANTS[0].oin,
};

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean' }, bad: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const folder = positionals[0] ?? join('certs-dev', 'out');
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const options = { now: new Date(performance.timeOrigin + performance.now()), includeBad: values.bad === true };
  if (values.help === true) {
    print(USAGE);
  } else if (values.force !== true && hasCurrentPki(folder, options)) {
    print(`${folder}: geldig, niets gewijzigd (--force maakt alles opnieuw)`);
  } else {
    writeDevelopmentPki(folder, { ...options, report: print });
    print(`${folder}: klaar`);
  }
}

const USAGE = `generate [map] [--bad] [--force]
Maakt ontwikkelcertificaten in de map (standaard certs-dev/out); een geldige set blijft staan.
  --bad    ook de slechte certificaten, in ${BAD_FOLDER}/
  --force  ook als er een geldige set staat`;

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
