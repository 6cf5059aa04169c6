const only = (names) => `^(node:)?(${names})$`;
const NETWORK = 'net|tls|http|https|http2|dgram|dns';
const INPUT_OUTPUT = `fs|fs/promises|${NETWORK}|child_process|worker_threads|cluster|readline|repl`;

/** A rule that forbids `from` everything but `allowed` (path patterns of resolved modules). */
const onlyTo = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const npm = (...names) => names.map((name) => `^node_modules/${name}/`);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid('no-circular', 'A cycle has no order in which it can be read or tested.', {}, { circular: true }),
    forbid(
      'no-unresolvable',
      'An import that resolves to nothing escapes every other rule.',
      {},
      { couldNotResolve: true },
    ),
    onlyTo(
      'domain-is-a-leaf',
      'Types and total functions: whoever reads the domain needs to know nothing else, not even Node.',
      '^gateway/domain/',
      ['^gateway/domain/'],
    ),
    onlyTo(
      'ports-import-domain-only',
      'A port is said in the words of the domain; what fulfils it may change.',
      '^gateway/ports/',
      ['^gateway/(domain|ports)/'],
    ),
    onlyTo(
      'codec-is-pure',
      'Formats and signatures are functions of bytes: no file, socket or clock, and only the libraries that read and write formats.',
      '^gateway/codec/',
      [
        '^gateway/(domain|codec)/',
        only('crypto|buffer'),
        ...npm('libxml2-wasm', 'ajv', 'yaml', 'fast-xml-parser', 'xmlbuilder2', 'node-forge', '@types/node-forge'),
      ],
    ),
    onlyTo(
      'pipeline-is-pure',
      'A stage is a function of the bericht and its context, so that a refusal can be replayed; seal draws its key from crypto.',
      '^gateway/pipeline/',
      ['^gateway/(domain|codec|pipeline)/', only('crypto|buffer')],
    ),
    forbid(
      'services-know-no-library',
      'Services hold the order of effects; what a library does stands behind a port, where faults can be injected.',
      { path: '^gateway/services/' },
      { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'services-without-io',
      'A service that opens a file or a socket itself passes by the port that faults are injected at.',
      { path: '^gateway/services/' },
      { path: only(INPUT_OUTPUT) },
    ),
    forbid(
      'core-not-to-adapters',
      'The core is wired to the world in one place: gateway/main.ts, gateway/compose*.ts and the entries of its worker threads.',
      { path: '^gateway/', pathNot: '^gateway/(main|compose[^/]*|[^/]*-worker)\\.ts$' },
      { path: '^(adapters|cli|client|certs-dev|bench)/' },
    ),
    forbid(
      'composition-root-is-the-top',
      'Only an executable may import the composition root; anything else would drag all adapters along.',
      { path: '^(gateway|adapters)/', pathNot: '^gateway/(main|compose[^/]*|[^/]*-worker)\\.ts$' },
      { path: '^gateway/(main|compose[^/]*|[^/]*-worker)\\.ts$' },
    ),
    forbid(
      'adapters-not-to-each-other',
      'One adapter, one port: any of them can be replaced without reading the others. Only adapters/system (clock, ids) is shared.',
      { path: '^adapters/([^/]+)/' },
      { path: '^adapters/', pathNot: '^adapters/($1|system)/' },
    ),
    forbid(
      'adapters-not-to-services',
      'An adapter fulfils ports; it never decides the order of effects.',
      { path: '^adapters/' },
      { path: '^(gateway/services|cli|client|certs-dev|bench)/' },
    ),
    forbid(
      'amqplib-only-in-rabbitmq',
      'AMQP semantics (confirm, return, nack) are understood in one folder.',
      { path: '^(gateway|adapters|client|cli|certs-dev)/', pathNot: '^adapters/rabbitmq/' },
      { path: '^node_modules/(@types/)?amqplib/' },
    ),
    forbid(
      'pino-only-in-pino-events',
      'Events are a closed vocabulary; a logger elsewhere could write anything.',
      { path: '^(gateway|adapters|client|cli|certs-dev)/', pathNot: '^adapters/pino-events/' },
      { path: '^node_modules/pino/' },
    ),
    forbid(
      'sockets-only-in-connection-adapters',
      'Who may connect to whom is checked where sockets are opened: the ingress, the delivery, the fetching of revocation lists, the other connection profiles and the client side.',
      { path: '^(gateway|adapters)/', pathNot: '^adapters/(https-[^/]+|crl-source|soap-stuf|ebms2|operator-web)/' },
      { path: only(NETWORK) },
    ),
    forbid(
      'cli-not-to-the-inside',
      'Commands use what any participant could use, the composition root, and the codec; never a service or a stage.',
      { path: '^cli/' },
      { path: '^(gateway/(services|pipeline)|adapters/(?!system/)|bench)' },
    ),
    forbid(
      'no-dev-deps-in-product',
      'The image is installed without development dependencies.',
      { path: '^(gateway|adapters|client|cli|certs-dev)/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'not-to-test',
      'Test support has no place in what ships.',
      { pathNot: '^(test|scripts)/' },
      { path: '^test/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|certs-dev/out|schemas|routing-rules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mts', '.mjs', '.js'],
    },
  },
};
