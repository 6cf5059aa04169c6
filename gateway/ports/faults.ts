/** A fault on our side or the broker's: thrown, never a refusal. The class says how far it reaches. */
export class GatewayFault extends Error {
  readonly code: string;

  constructor(code: string, options?: { readonly cause?: unknown }) {
    super(code, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The register could not make a record durable. */
export class RegisterFault extends GatewayFault {}

/** The key store could not make or remove a key. */
export class KeyStoreFault extends GatewayFault {}

/** The connection to the broker is gone or refused. */
export class BrokerFault extends GatewayFault {}

/** Configuration, rules, schemas or certificates can't be used; the text says which and why, for the operator. */
export class ConfigurationFault extends GatewayFault {
  readonly explanation: string;

  constructor(code: string, explanation: string, options?: { readonly cause?: unknown }) {
    super(code, options);
    this.explanation = explanation;
  }
}
