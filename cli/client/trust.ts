import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import type { Certificate } from '../../gateway/codec/certificate.ts';
import { CommandFault } from '../fault.ts';

/** The roots of a PEM text. Throws CommandFault when there is none. */
export function readTrustedRoots(pem: string): readonly Certificate[] {
  const roots = parseCertificatesPem(pem);
  if (roots.length === 0)
    throw new CommandFault('De root bevat geen certificaat: geef een PEM-bestand met --ca of --root.');
  return roots;
}
