/** How a process was started, as far as it lets somebody look into its memory or its connections. */
export interface RuntimeSettings {
  /** Flags of the command line and of NODE_OPTIONS, in the order given. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The names of flags and variables by which berichten, keys or connections could be seen by somebody who is not a party to them:
 * debuggers, dumps of the heap, reports and cores on a fault, keys of TLS, code of others in the process, and checks switched off.
 * Values are left out. Node takes `_` for `-` in its flags.
 */
export function findRevealing({ flags, environment }: RuntimeSettings): readonly string[] {
  const names = flags
    .map((flag) => flag.replaceAll('"', '').split('=', 1).join('').replaceAll('_', '-'))
    .filter((name) => SHORT.has(name) || LONG.some((start) => name === start || name.startsWith(`${start}-`)));
  const variables = Object.keys(VARIABLES).filter((name) => VARIABLES[name]?.test(environment[name] ?? '') === true);
  return [...new Set([...names, ...variables])];
}

const SHORT: ReadonlySet<string> = new Set(['-r', '-i', '-e', '-p', '-pe']);

// Each with whatever begins with it and a hyphen: `--inspect-brk`, `--heapsnapshot-signal`, `--report-on-fatalerror`.
const LONG = [
  '--inspect',
  '--debug-port',
  '--heapsnapshot',
  '--heap-prof',
  '--report',
  '--abort-on-uncaught-exception',
  '--trace-tls',
  '--tls-keylog',
  '--tls-min-v1.0',
  '--tls-min-v1.1',
  '--tls-cipher-list',
  '--insecure-http-parser',
  '--security-revert',
  '--openssl-legacy-provider',
  '--openssl-shared-config',
  '--openssl-config',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--experimental-config-file',
  '--experimental-default-config-file',
  '--env-file',
  '--eval',
  '--interactive',
];

const VARIABLES: Readonly<Record<string, RegExp>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  NODE_DEBUG: /./,
  NODE_DEBUG_NATIVE: /./,
  NODE_V8_COVERAGE: /./,
};
