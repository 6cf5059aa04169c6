import type { Address, Envelope, Processing } from '../domain/message.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { parseInstant } from './timestamps.ts';
import { PROCESSING_WORDS } from './wire-words.ts';

/** Reads the routing data of a JSON bericht that its schema accepted. */
export function readJsonEnvelope(bericht: JsonValue): Envelope {
  const control = objectAt(bericht, 'stuurgegevens');
  const sender = objectAt(control, 'afzender');
  return {
    environment: textAt(control, 'omgeving'),
    messageType: textAt(control, 'berichttype') ?? '',
    version: textAt(control, 'versie'),
    kenmerk: textAt(control, 'kenmerk') ?? '',
    replyTo: textAt(control, 'antwoordOp'),
    createdAt: parseInstant(textAt(control, 'tijdstip') ?? ''),
    urgency: textAt(control, 'urgent') ?? '',
    sender: { oin: textAt(sender, 'oin') ?? '', role: textAt(sender, 'rol'), system: '' },
    recipient: readAddress(objectAt(control, 'ontvanger')),
    processing: readProcessing(objectAt(control, 'verwerking')),
  };
}

function readAddress(address: JsonObject): Address {
  return toAddress({
    oin: textAt(address, 'oin'),
    municipality: textAt(address, 'gemeentecode'),
    institution: textAt(address, 'instantiecode'),
    role: textAt(address, 'rol') ?? '',
  });
}

/** One of the three ways to address; the schema sees to it that exactly one is given. */
export function toAddress(parts: {
  readonly oin: string | undefined;
  readonly municipality: string | undefined;
  readonly institution: string | undefined;
  readonly role: string;
}): Address {
  if (parts.oin !== undefined) return { kind: 'oin', oin: parts.oin, role: parts.role };
  if (parts.municipality !== undefined) {
    return { kind: 'municipality', municipality: parts.municipality, role: parts.role };
  }
  return { kind: 'institution', institution: String(parts.institution) };
}

function readProcessing(processing: JsonObject): Processing {
  return toProcessing((name) => textAt(processing, name));
}

/** The purpose facts by their wire names; what isn't sent is left out. */
export function toProcessing(read: (wireName: string) => string | undefined): Processing {
  return Object.fromEntries(
    Object.entries(PROCESSING_WORDS.all)
      .map(([name, wireName]) => [name, read(wireName)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** The object under a name, or an empty one. */
export function objectAt(parent: JsonValue, name: string): JsonObject {
  const value = isObject(parent) ? parent[name] : undefined;
  return value !== undefined && isObject(value) ? value : {};
}

/** The text under a name; anything else counts as absent. */
export function textAt(parent: JsonValue, name: string): string | undefined {
  const value = isObject(parent) ? parent[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
