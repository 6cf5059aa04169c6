import { Command } from 'commander';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import type { CommandContext } from '../context.ts';
import type { RunningGateway } from '../../gateway/main.ts';
import { CommandFault, codeOf, EXIT } from '../fault.ts';
import { readInput } from '../files.ts';
import type { Output } from '../output.ts';

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
Met SIGTERM of Ctrl-C stopt het netjes: niets nieuws meer aannemen, afmaken wat loopt. Met SIGHUP leest het zijn
certificaten, intrekkingslijsten en regels opnieuw, zonder een verbinding te verbreken; kloppen ze niet, dan blijven de oude gelden.

Voorbeeld:
  doorgeefluik serve --config /etc/doorgeefluik/gateway.yaml`,
    );
}

async function serve(config: string, context: CommandContext): Promise<void> {
  const { output, signal, exit } = context;
  // A signal that comes before it listens would end the process if nobody took it; what it asks for is done after the start.
  const asked: { gateway?: RunningGateway; before: boolean } = { before: false };
  context.onReload(() => {
    if (asked.gateway === undefined) asked.before = true;
    else void reload(asked.gateway, output);
  });
  // The gateway and all its adapters are loaded by this command alone; the others start faster without.
  const { startGateway } = await import('../../gateway/main.ts');
  readInput(config, 'De configuratie');
  const gateway = await startGateway(config).catch((error: unknown) => {
    throw error instanceof ConfigurationFault ? shorten(error, config) : error;
  });
  output.note(`doorgeefluik: luistert op poort ${String(gateway.port)}; Ctrl-C stopt`);
  asked.gateway = gateway;
  if (asked.before) await reload(gateway, output);
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

const RELOADED = {
  loaded: 'de nieuwe regels gelden',
  unchanged: 'de regels zijn dezelfde gebleven',
  refused:
    'de regels kloppen niet; de oude blijven gelden (het log zegt waarom, doorgeefluik rules check alles wat er mis is)',
} as const;

const RELOADED_CERTIFICATES = {
  loaded: 'certificaten en intrekkingslijsten zijn opnieuw gelezen',
  refused: 'de certificaten kloppen niet; de oude blijven gelden (CertificatesRefused in het log zegt wat er mis is)',
} as const;

async function reload(gateway: RunningGateway, output: Output): Promise<void> {
  const certificates = await gateway
    .reloadCertificates()
    .then((outcome) => RELOADED_CERTIFICATES[outcome])
    .catch((error: unknown) => `de certificaten konden niet gelezen worden (${codeOf(error)})`);
  output.note(`doorgeefluik: ${certificates}`);
  const outcome = await gateway.reload().catch((error: unknown) => {
    if (error instanceof ConfigurationFault) return { explanation: error.explanation };
    return { explanation: `de regels konden niet geladen worden (${codeOf(error)})` };
  });
  output.note(`doorgeefluik: ${typeof outcome === 'string' ? RELOADED[outcome] : outcome.explanation}`);
}

// What isn't YAML, or no more than a text, has a problem on every line: the first one says enough.
function shorten(fault: ConfigurationFault, config: string): Error {
  const { code, explanation } = fault;
  if (code !== 'ERR_CONFIG_INVALID') return fault;
  const [first = ''] = explanation.split('; ');
  if (!first.endsWith('geen geldige YAML') && explanation !== `${config}: /: type`) return fault;
  const problem = first.endsWith('/: type') ? `${config} is geen configuratie` : first;
  return new CommandFault(`${problem}: geef het YAML-bestand van het doorgeefluik.`, { cause: fault });
}
