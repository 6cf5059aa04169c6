import type { XmlElement } from 'libxml2-wasm';

import type { Envelope, StufSystem } from '../domain/message.ts';
import { toAddress, toProcessing } from './envelope-json.ts';
import { parseInstant } from './timestamps.ts';
import { childElement, NS, textOf } from './xml-document.ts';

/** Reads the routing data of a bericht in our XML wrapper that its schema accepted. */
export function readWrapperEnvelope(root: XmlElement): Envelope {
  const control = childElement(root, NS.bericht, 'stuurgegevens');
  const sender = below(control, 'afzender');
  const recipient = below(control, 'ontvanger');
  const processing = below(control, 'verwerking');
  return {
    environment: wrapperText(control, 'omgeving'),
    messageType: wrapperText(control, 'berichttype') ?? '',
    version: wrapperText(control, 'versie'),
    kenmerk: wrapperText(control, 'kenmerk') ?? '',
    replyTo: wrapperText(control, 'antwoordOp'),
    createdAt: parseInstant(wrapperText(control, 'tijdstip') ?? ''),
    urgency: wrapperText(control, 'urgent') ?? '',
    sender: { oin: wrapperText(sender, 'oin') ?? '', role: wrapperText(sender, 'rol'), system: '' },
    recipient: toAddress({
      oin: wrapperText(recipient, 'oin'),
      municipality: wrapperText(recipient, 'gemeentecode'),
      institution: wrapperText(recipient, 'instantiecode'),
      role: wrapperText(recipient, 'rol') ?? '',
    }),
    processing: toProcessing((name) => wrapperText(processing, name)),
  };
}

/** Text of a child element in the wrapper's namespace. */
export function wrapperText(parent: XmlElement | undefined, name: string): string | undefined {
  const element = below(parent, name);
  return element === undefined ? undefined : textOf(element);
}

/**
 * Reads the routing data of a StUF bericht that its schema accepted. StUF names no roles; a kenmerk is unique per
 * organisatie, applicatie and administratie (StUF 03.01, stuurgegevens).
 */
export function readStufEnvelope(root: XmlElement): Envelope {
  const control = stufControl(root);
  const sender = stufBelow(control, 'zender');
  const recipient = stufBelow(control, 'ontvanger');
  const stuf = readStufSystem(sender);
  return {
    environment: undefined,
    messageType: root.name,
    version: undefined,
    kenmerk: stufText(control, 'referentienummer') ?? '',
    replyTo: stufText(control, 'crossRefnummer'),
    createdAt: undefined,
    urgency: 'nee',
    sender: {
      oin: stufText(sender, 'organisatie') ?? '',
      role: undefined,
      system: `${stuf.application}|${stuf.administration ?? ''}`,
      stuf,
    },
    recipient: { kind: 'stuf', oin: stufText(recipient, 'organisatie') ?? '', ...readStufSystem(recipient) },
    processing: {},
  };
}

/** What the stuurgegevens of a StUF document must say of the document itself. */
export interface StufClaim {
  readonly berichtcode: string;
  readonly functie: string | undefined;
}

/**
 * What follows from the name of the document element: a bericht of a koppelvlak ends in its berichtcode and is its own
 * functie; one of StUF itself, such as Bv01Bericht, begins with its berichtcode and has no functie (StUF 03.01, stuurgegevens).
 */
export function expectedClaim(root: XmlElement): StufClaim {
  return root.namespaceUri === NS.stuf
    ? { berichtcode: root.name.slice(0, CODE_LENGTH), functie: undefined }
    : { berichtcode: root.name.slice(-CODE_LENGTH), functie: root.name };
}

/** `stuurgegevens` of a StUF document: in the document's own namespace or StUF's. */
export function stufControl(root: XmlElement): XmlElement | undefined {
  return childElement(root, root.namespaceUri, 'stuurgegevens') ?? childElement(root, NS.stuf, 'stuurgegevens');
}

/** Text of a child element in the StUF namespace. */
export function stufText(parent: XmlElement | undefined, name: string): string | undefined {
  const element = stufBelow(parent, name);
  return element === undefined ? undefined : textOf(element);
}

function readStufSystem(party: XmlElement | undefined): StufSystem {
  return { application: stufText(party, 'applicatie') ?? '', administration: stufText(party, 'administratie') };
}

const CODE_LENGTH = 4;

function stufBelow(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent === undefined ? undefined : childElement(parent, NS.stuf, name);
}

function below(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent === undefined ? undefined : childElement(parent, NS.bericht, name);
}
