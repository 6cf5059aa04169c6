import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../fault.ts';

/** `doorgeefluik serve`: the gateway, until it is asked to stop. */
export function createServeCommand(context: CommandContext): Command {
  return new Command('serve')
    .description('draait het doorgeefluik')
    .requiredOption('--config <yaml>', 'configuratie; paden erin gelden vanaf haar eigen map')
    .action(async ({ config }: { readonly config: string }) => {
      await serve(config, context);
    })
    .addHelpText(
      'after',
      `
Met SIGTERM of Ctrl-C stopt het netjes: niets nieuws meer aannemen, afmaken wat loopt.

Voorbeeld:
  doorgeefluik serve --config /etc/doorgeefluik/gateway.yaml`,
    );
}

async function serve(config: string, { output, signal, exit }: CommandContext): Promise<void> {
  // The gateway and all its adapters are loaded by this command alone; the others start faster without.
  const { startGateway } = await import('../../gateway/main.ts');
  const gateway = await startGateway(config);
  output.note(`doorgeefluik: luistert op poort ${String(gateway.port)}; Ctrl-C stopt`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  output.note('doorgeefluik: stopt, maakt af wat loopt');
  await gateway.close();
  exit(EXIT.ok);
}
