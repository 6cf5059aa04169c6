import type { TypeDefinition } from '../codec/catalogue.ts';
import { elementKey } from '../codec/catalogue.ts';
import type { Content } from '../codec/content.ts';
import { objectAt, textAt } from '../codec/envelope-json.ts';
import { expectedClaim, stufControl, stufText, wrapperText } from '../codec/envelope-xml.ts';
import { parseStrictJson } from '../codec/strict-json.ts';
import { childElement, hasSignatureElsewhere, NS, openXml } from '../codec/xml-document.ts';
import type { XmlMessage } from '../codec/xml-document.ts';
import type { Format } from '../domain/message.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { StageContext } from './context.ts';
import type { VerifiedMessage } from './verify-signature.ts';

/** A readable bericht whose type is known; `definitions` are the live versions to try, newest first. */
export interface ParsedMessage {
  readonly verified: VerifiedMessage;
  readonly content: Content;
  readonly definitions: readonly TypeDefinition[];
}

/** Reads the verified bytes and finds the message type. */
export function parse(verified: VerifiedMessage, ctx: StageContext): Result<ParsedMessage, Rejection> {
  const content = readContent(verified, ctx);
  if (!content.ok) return content;
  const definitions = findDefinitions(content.value, ctx);
  return definitions.ok ? ok({ verified, content: content.value, definitions: definitions.value }) : definitions;
}

function readContent(verified: VerifiedMessage, ctx: StageContext): Result<Content, Rejection> {
  const { body, format } = verified.authenticated.received;
  if (format === 'json') {
    const value = parseStrictJson(body);
    return value.ok ? ok({ format, value: value.value }) : value;
  }
  if (verified.document !== undefined) return ok(xmlContent(verified.document));
  const opened = openXml(body);
  if (!opened.ok) return opened;
  ctx.own(opened.value);
  // A second signature inside bytes that are signed as a whole would leave open which of the two counts.
  if (hasSignatureElsewhere(opened.value, undefined)) return err(rejection('ERR_SIGNATURE_MULTIPLE'));
  return ok(xmlContent(opened.value));
}

function xmlContent(document: XmlMessage): Content {
  return { format: 'xml', document, stuf: document.rootNamespace !== NS.bericht };
}

function findDefinitions(content: Content, ctx: StageContext): Result<readonly TypeDefinition[], Rejection> {
  if (content.format === 'json') {
    const control = objectAt(content.value, 'stuurgegevens');
    return findOwn({ type: textAt(control, 'berichttype'), version: textAt(control, 'versie') }, 'json', ctx);
  }
  if (content.stuf) return findStuf(content.document, ctx);
  const control = childElement(content.document.document.root, NS.bericht, 'stuurgegevens');
  return findOwn({ type: wrapperText(control, 'berichttype'), version: wrapperText(control, 'versie') }, 'xml', ctx);
}

function findOwn(
  named: { readonly type: string | undefined; readonly version: string | undefined },
  format: Format,
  ctx: StageContext,
): Result<readonly TypeDefinition[], Rejection> {
  const versions = ctx.catalogue.types.get(named.type ?? '') ?? [];
  const inFormat = versions.filter((definition) => definition.kind === 'own' && definition.formats.includes(format));
  if (inFormat.length === 0) return err(rejection('ERR_MESSAGE_TYPE_UNKNOWN'));
  const live = inFormat.filter((definition) => definition.version === named.version);
  return live.length === 0 ? err(rejection('ERR_MESSAGE_VERSION_UNKNOWN')) : ok(live);
}

// StUF 03.01: type = namespace + name of the document element; versions of a koppelvlak share a namespace, so another
// namespace is another version (StUF007) and another name another functie (StUF034).
function findStuf(document: XmlMessage, ctx: StageContext): Result<readonly TypeDefinition[], Rejection> {
  const definitions = ctx.catalogue.byElement.get(elementKey(document.rootNamespace, document.rootName));
  if (definitions === undefined) {
    const isKnownName = ctx.catalogue.elementNames.has(document.rootName);
    return err(rejection(isKnownName ? 'ERR_MESSAGE_VERSION_UNKNOWN' : 'ERR_MESSAGE_TYPE_UNKNOWN'));
  }
  const control = stufControl(document.document.root);
  const expected = expectedClaim(document.document.root);
  if (stufText(control, 'berichtcode') !== expected.berichtcode) return err(rejection('ERR_STUF_BERICHTCODE'));
  return stufText(control, 'functie') === expected.functie
    ? ok(definitions)
    : err(rejection('ERR_MESSAGE_TYPE_UNKNOWN'));
}
