import type { Bench, Expected, HostileRequest, WireCase } from '../support/hostile-bench.ts';

/** What an input must come to: exactly this, any refusal, or whatever is right as long as nothing else goes wrong. */
export type Wanted = Expected | 'refused' | 'either';

/** Something to bring to a gateway, or to one of its readers. */
export type HostileInput =
  | {
      readonly kind: 'request';
      readonly name: string;
      readonly wanted: Wanted;
      readonly build: (bench: Bench) => HostileRequest;
    }
  | ({ readonly kind: 'octets' } & Pick<WireCase, 'name' | 'answers' | 'build'>)
  | {
      readonly kind: 'reader';
      readonly name: string;
      readonly wanted: 'accepted' | 'refused' | 'either';
      /** `accepted`, or the code of the refusal. */
      readonly read: () => string;
    };

/** Inputs, and what could not be among them. */
export interface InputSet {
  readonly inputs: readonly HostileInput[];
  readonly leftOut: readonly string[];
}
