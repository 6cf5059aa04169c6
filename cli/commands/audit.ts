import { Command } from 'commander';
import type { CommandContext } from '../context.ts';

export function createAuditCommand(_context: CommandContext): Command {
  return new Command('audit').description('auditlog: controleren en tonen');
}
