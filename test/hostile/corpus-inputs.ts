import { CORPUS } from '../security/corpus/index.ts';
import { HTTP_FRAMING } from '../security/corpus/http-framing.ts';
import { bringJson, bringXml, jsonMessage, signedXml } from '../support/hostile-bench.ts';
import type { Bench } from '../support/hostile-bench.ts';
import type { HostileInput } from './input.ts';

/** Every case of the corpus. */
export function corpusInputs(): readonly HostileInput[] {
  const requests = CORPUS.flatMap(({ family, cases }) =>
    cases.map(({ name, expected, onWire, build }): HostileInput => ({
      kind: 'request',
      name: `${family}: ${name}`,
      wanted: onWire ?? expected,
      build,
    })),
  );
  const octets = HTTP_FRAMING.map(({ name, answers, build }): HostileInput => ({
    kind: 'octets',
    name: `HTTP: ${name}`,
    answers,
    build,
  }));
  return [...requests, ...octets];
}

/** A bericht that is right, to show that the gateway still takes one; detached and enveloped by turns. */
export function controlInput(at: number): HostileInput {
  const build = (bench: Bench): ReturnType<typeof bringJson> =>
    at % 2 === 0 ? bringJson(bench, jsonMessage(bench)) : bringXml(bench, signedXml(bench));
  return { kind: 'request', name: `a right bericht, number ${String(at)}`, wanted: 'accepted', build };
}
