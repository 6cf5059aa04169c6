import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { createAuditCommand } from './commands/audit.ts';
import { createCertsCommand } from './commands/certs.ts';
import { createReceiptCommand } from './commands/receipt.ts';
import { createReceiveCommand } from './commands/receive.ts';
import { createReportCommand } from './commands/report.ts';
import { createRouteCommand } from './commands/route.ts';
import { createRulesCommand } from './commands/rules.ts';
import { createSchemasCommand } from './commands/schemas.ts';
import { createSendCommand } from './commands/send.ts';
import { createServeCommand } from './commands/serve.ts';
import type { CommandContext } from './context.ts';
import { speakDutch } from './usage.ts';

/** The whole command line: `doorgeefluik <opdracht>`. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('doorgeefluik')
    .description('Geeft berichten door tussen gemeenten en de justitieketen, met bewijs.')
    .version(readVersion(context.root), '--version', 'toont de versie')
    .addCommand(createServeCommand(context))
    .addCommand(createSendCommand(context))
    .addCommand(createReceiveCommand(context))
    .addCommand(createRouteCommand(context))
    .addCommand(createReceiptCommand(context))
    .addCommand(createAuditCommand(context))
    .addCommand(createReportCommand(context))
    .addCommand(createRulesCommand(context))
    .addCommand(createSchemasCommand(context))
    .addCommand(createCertsCommand(context))
    .addHelpText('after', HELP);
  return speakDutch(program, context.output);
}

function readVersion(root: string): string {
  const file: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : 'onbekend';
}

const HELP = `
Elke opdracht heeft --help met voorbeelden. Proberen zonder iets in te richten: npm run demo`;
