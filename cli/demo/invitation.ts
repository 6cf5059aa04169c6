import { join } from 'node:path';
import { wrapText, wrapWords } from '../output.ts';
import type { Output } from '../output.ts';
import type { DemoFolder } from './folder.ts';

/** Says how to send berichten of one's own, in commands to copy. */
export function showInvitation(
  output: Output,
  demo: { readonly folder: DemoFolder; readonly gatewayUrl: string },
): void {
  const { folder, gatewayUrl } = demo;
  const as = (name: string): string => `--url ${gatewayUrl} --profile ${join(folder.certificates, name)}`;
  const examples = 'schemas/berichten';
  const root = join(folder.certificates, 'ca', 'root.pem');
  const tries = [
    [
      'Zelf een bericht versturen, als de Raad voor de Kinderbescherming:',
      `send ${examples}/opdrachtTb/1.0/voorbeelden/geldig/opdracht.json --fresh ${as('rvdk')}`,
    ],
    [
      'Vragen waar een bericht heen zou gaan:',
      `route --type vtoDi01 --oin 00000002003214436001 --role RVDK ${as('gemeente-arnhem')}`,
    ],
    [
      'Een bevestiging controleren, zonder netwerk:',
      `receipt verify ${join(folder.receipts, '01-ontvangst.jws')} ${join(folder.receipts, '01-eind.jws')} --root ${root}`,
    ],
    ['Het auditlog controleren:', `audit verify ${folder.register} --root ${root}`],
  ] as const;
  output.line();
  const told =
    'Het doorgeefluik en de ontvangers blijven draaien. Stoppen: Ctrl-C hier, of ' +
    `kill ${String(process.pid)} elders; dan stopt alles. In een ander venster:`;
  for (const line of wrapText(told, output.width)) output.line(line);
  for (const [text, command] of tries) {
    output.line();
    output.line(`  ${text}`);
    for (const line of wrapCommand(`${COMMAND} ${command}`, output.width - 2))
      output.line(output.paint.cyan(`  ${line}`));
  }
}

// An option stays with its value; what doesn't fit goes on below, so that the whole can be copied at once.
function wrapCommand(command: string, width: number): readonly string[] {
  const words = command.match(/--\S+(?: (?!--)\S+)?|\S+/g) ?? [];
  const lines = wrapWords(words, width - '  '.length - ' \\'.length);
  return lines.map((line, index) => (index === 0 ? '' : '  ') + line + (index === lines.length - 1 ? '' : ' \\'));
}

const COMMAND = 'node dist/cli/main.js';
