import { readJsonEnvelope } from '../../gateway/codec/envelope-json.ts';
import { readStufEnvelope, readWrapperEnvelope } from '../../gateway/codec/envelope-xml.ts';
import { parseStrictJson } from '../../gateway/codec/strict-json.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';
import { findSignatures, NS, openXml } from '../../gateway/codec/xml-document.ts';
import type { Format } from '../../gateway/domain/message.ts';
import { CommandFault } from '../fault.ts';

/** What a party sees of its own bericht before anything checked it. */
export interface MessageSketch {
  readonly format: Format;
  /** Whether it is our XML wrapper, the one place for an enveloped signature. */
  readonly isWrapper: boolean;
  readonly isSigned: boolean;
  readonly messageType: string;
  readonly kenmerk: string;
  readonly sender: string;
  /** The recipient as it is addressed, readable. */
  readonly recipient: string;
}

/** Reads the routing data of a bericht of one's own. Throws CommandFault when it is neither XML nor JSON. */
export function readMessageUnverified(bytes: Uint8Array): MessageSketch {
  const start = Buffer.from(bytes.subarray(0, 64))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (start.startsWith('<')) return readXml(bytes);
  if (start.startsWith('{')) return readJson(bytes);
  throw new CommandFault('Het bestand is geen bericht: het begint niet als XML of JSON.');
}

function readJson(bytes: Uint8Array): MessageSketch {
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok)
    throw new CommandFault(`Het bericht is geen bruikbare JSON (${parsed.error.code}): verbeter het bestand.`);
  if (!isObject(parsed.value)) throw new CommandFault('Het bericht is geen JSON-object: verbeter het bestand.');
  return toSketch(readJsonEnvelope(parsed.value), { format: 'json', isWrapper: false, isSigned: false });
}

function readXml(bytes: Uint8Array): MessageSketch {
  const opened = openXml(bytes);
  if (!opened.ok)
    throw new CommandFault(`Het bericht is geen bruikbare XML (${opened.error.code}): verbeter het bestand.`);
  const message = opened.value;
  try {
    const { root } = message.document;
    const isWrapper = message.rootNamespace === NS.bericht && message.rootName === 'bericht';
    const isSigned = findSignatures(message).length > 0;
    return toSketch(isWrapper ? readWrapperEnvelope(root) : readStufEnvelope(root), {
      format: 'xml',
      isWrapper,
      isSigned,
    });
  } finally {
    message.dispose();
  }
}

function toSketch(
  envelope: ReturnType<typeof readJsonEnvelope>,
  form: Pick<MessageSketch, 'format' | 'isWrapper' | 'isSigned'>,
): MessageSketch {
  const { messageType, kenmerk, sender, recipient } = envelope;
  return { ...form, messageType, kenmerk, sender: sender.oin, recipient: addressOf(recipient) };
}

function addressOf(address: ReturnType<typeof readJsonEnvelope>['recipient']): string {
  switch (address.kind) {
    case 'oin':
      return `OIN ${address.oin} (${address.role})`;
    case 'municipality':
      return `gemeente ${address.municipality} (${address.role})`;
    case 'institution':
      return `instantie ${address.institution}`;
    case 'stuf':
      return `OIN ${address.oin} (${address.administration ?? address.application})`;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
