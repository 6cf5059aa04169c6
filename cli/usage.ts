import { InvalidArgumentError } from 'commander';
import type { Command, CommanderError } from 'commander';
import { isOin } from '../gateway/domain/oin.ts';
import type { Oin } from '../gateway/domain/oin.ts';
import type { Output } from './output.ts';

/** Gives a command and all below it Dutch help, and makes mistakes of use come out as errors instead of prints. */
export function speakDutch(command: Command, output: Output): Command {
  command
    .exitOverride()
    .helpOption('-h, --help', 'toont deze hulp')
    .configureOutput({
      writeOut: (text) => {
        output.line(text.replace(/\n$/, ''));
      },
      writeErr: (text) => {
        output.note(text.replace(/\n$/, ''));
      },
      outputError: () => undefined,
    })
    .configureHelp({
      helpWidth: 100,
      styleTitle: (title) => TITLES.get(title) ?? title,
      commandUsage: (one) => `${pathOf(one)} ${dutchUsage(one.usage())}`.trimEnd(),
      subcommandTerm: (one) => one.name(),
      optionDescription: (option) => option.description,
      argumentDescription: (argument) => argument.description,
    });
  for (const one of command.commands) speakDutch(one, output);
  if (command.commands.length === 0) return command.helpCommand(false);
  return command.helpCommand('help [opdracht]', 'toont de hulp van een opdracht');
}

/** One Dutch sentence for a mistake in these arguments; undefined when the help that was shown says enough. */
export function toUsageSentence(
  error: CommanderError,
  given: { readonly program: Command; readonly args: readonly string[] },
): string | undefined {
  const see = `zie ${pathOf(findCommand(given.program, given.args))} --help.`;
  const what = /'([^']+)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption':
      return `De optie ${what} bestaat niet: ${see}`;
    case 'commander.unknownCommand':
      return `De opdracht ${what} bestaat niet: ${see}`;
    case 'commander.missingArgument':
      return `Het argument <${what}> ontbreekt: ${see}`;
    case 'commander.optionMissingArgument':
      return `De optie ${what} heeft een waarde nodig: ${see}`;
    case 'commander.missingMandatoryOptionValue':
      return `De optie ${what} is verplicht: ${see}`;
    case 'commander.excessArguments':
      return `Er zijn te veel argumenten: ${see}`;
    case 'commander.invalidArgument':
      return `De waarde van ${what} is ongeldig: ${reasonOf(error.message)}`;
    default:
      return undefined;
  }
}

/** Reads an option's value as a whole number within bounds. */
export function parseWhole(bounds: { readonly min: number; readonly max: number }): (text: string) => number {
  const { min, max } = bounds;
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`geef een geheel getal van ${String(min)} tot en met ${String(max)}.`);
  };
}

/** Reads an option's value as one of a list. */
export function parseChoice<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`kies uit ${choices.join(', ')}.`);
  };
}

/** Reads an option's value as an OIN. */
export function parseOinOption(text: string): Oin {
  if (isOin(text)) return text;
  throw new InvalidArgumentError('een OIN heeft 20 cijfers en een bekend begin.');
}

function reasonOf(message: string): string {
  return message.slice(message.indexOf('is invalid. ') + 'is invalid. '.length);
}

// The command that was meant: the names that arguments begin with.
function findCommand(command: Command, [first, ...more]: readonly string[]): Command {
  const found = command.commands.find((one) => one.name() === first);
  return found === undefined ? command : findCommand(found, more);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function dutchUsage(usage: string): string {
  return usage.replace('[options]', '[opties]').replace('[command]', '<opdracht>');
}

const TITLES: ReadonlyMap<string, string> = new Map([
  ['Usage:', 'Gebruik:'],
  ['Arguments:', 'Argumenten:'],
  ['Options:', 'Opties:'],
  ['Commands:', 'Opdrachten:'],
]);
