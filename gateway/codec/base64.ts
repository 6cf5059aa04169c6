import { Buffer } from 'node:buffer';

/** Octets of base64url without padding (RFC 7515 section 2); undefined unless this text is the only one for them. */
export function decodeBase64Url(text: string): Buffer | undefined {
  return decodeCanonical(text, 'base64url');
}

/** Octets of padded base64 (RFC 4648 section 4); undefined unless this text is the only one for them. */
export function decodeBase64(text: string): Buffer | undefined {
  return decodeCanonical(text, 'base64');
}

// Node skips what isn't base64 and drops stray bits: only a text that comes out the same was canonical.
function decodeCanonical(text: string, encoding: 'base64' | 'base64url'): Buffer | undefined {
  const octets = Buffer.from(text, encoding);
  return text !== '' && octets.toString(encoding) === text ? octets : undefined;
}
