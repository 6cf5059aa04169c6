import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBriefly, showAuditLog } from '../audit/show-audit-log.ts';
import { verifyAuditFolder } from '../audit/verify-audit-log.ts';
import { describeVerdict } from '../commands/audit.ts';
import { EXIT } from '../fault.ts';
import type { ExitCode } from '../fault.ts';
import { alignPairs } from '../output.ts';
import type { Output } from '../output.ts';
import { mark } from '../show.ts';
import type { Totals } from './describe.ts';
import type { DemoFolder } from './folder.ts';

/** Shows what is left behind, checks the audit log, and counts. Exit code 0 only when all went as meant. */
export async function conclude(output: Output, folder: DemoFolder, totals: Totals): Promise<ExitCode> {
  const isIntact = await showAudit(output, folder);
  output.line(output.paint.bold('Wat er blijft\n'));
  for (const line of alignPairs([
    ['bevestigingen', folder.receipts],
    ['auditlog', folder.register],
    ['technisch log', folder.log],
  ])) {
    output.line(`    ${line}`);
  }
  output.line('    de berichten zelf heeft alleen de ontvanger');
  output.line();
  const { sent, delivered, lost, refused, repeated, unexpected } = totals;
  const remark = unexpected.length === 0 ? 'zoals bedoeld' : `niet zoals bedoeld: bericht ${unexpected.join(', ')}`;
  output.line(`geweigerd: ${String(refused)} (${remark}), herhaling: ${String(repeated)}`);
  output.line(`demo: ${String(sent)} verstuurd, ${String(delivered)} afgeleverd, ${String(lost)} verloren`);
  return isIntact && unexpected.length === 0 && lost === 0 && delivered === sent ? EXIT.ok : EXIT.no;
}

async function showAudit(output: Output, folder: DemoFolder): Promise<boolean> {
  const lines: (readonly string[])[] = [];
  await showAuditLog(folder.register, {}, (line, record) => {
    lines.push(record === undefined ? [line] : describeBriefly(record, output.width - 2));
  });
  output.line(output.paint.bold('Auditlog: de laatste regels\n'));
  for (const line of lines.slice(-LAST_RECORDS).flat()) output.line(output.paint.dim(`  ${line}`));
  const rootsPem = readFileSync(join(folder.certificates, 'ca', 'root.pem'), 'utf8');
  const verdict = await verifyAuditFolder(folder.register, { rootsPem });
  const [answer = ''] = describeVerdict(verdict);
  output.line();
  output.line(`    ${mark(output.paint, verdict.ok)} ${answer}: ${String(lines.length)} regels nagerekend`);
  output.line();
  return verdict.ok;
}

const LAST_RECORDS = 5;
