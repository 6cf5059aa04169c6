import type { Certificate } from './codec/certificate.ts';
import { createReceiptXmlFormat } from './codec/receipt-xml.ts';
import type { ReceiptIssuer } from './codec/receipts.ts';
import type { ReceiptKey } from './domain/routing-advice.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { Parts } from './services/parts.ts';

/** With what receipts are signed now, and with what they were before. */
export interface Receipts {
  readonly issuer: () => ReceiptIssuer;
  readonly formatXml: Parts['formatReceiptXml'];
  /** The present certificate first. */
  readonly keys: () => readonly ReceiptKey[];
  /** Answers what makes receipts be signed with these. Throws ConfigurationFault when they are another gateway's. */
  prepare(issuer: ReceiptIssuer, earlier: readonly Certificate[]): () => void;
}

/** Starts with an issuer, and the certificates that the configuration names as earlier ones. */
export function createReceipts(first: ReceiptIssuer, named: readonly Certificate[]): Receipts {
  let issuer = first;
  let formatXml = createReceiptXmlFormat(issuer);
  let earlier = named;
  return {
    issuer: () => issuer,
    formatXml: (given) => formatXml(given),
    keys: () => {
      const current = issuer.chain.slice(0, 1);
      const all = new Map([...current, ...earlier].map((one) => [one.thumbprint, one]));
      return [...all.values()].map((one) => toReceiptKey(one, current.includes(one)));
    },
    prepare(next, others) {
      // Who holds receipts knows the gateway by its OIN.
      if (next.oin !== issuer.oin)
        throw new ConfigurationFault(
          'ERR_RECEIPT_CERTIFICATE',
          'bevestigingen.certificaat draagt een ander OIN dan eerst',
        );
      return () => {
        earlier = [...issuer.chain.slice(0, 1), ...earlier, ...others];
        issuer = next;
        formatXml = createReceiptXmlFormat(next);
      };
    },
  };
}

function toReceiptKey(certificate: Certificate, current: boolean): ReceiptKey {
  return { certificatePem: certificate.x509.toString(), thumbprint: certificate.thumbprint, current };
}
