import { draftDigestOf, RULE_SIGNATURES, signedHashOf } from '../../gateway/codec/rule-signatures.ts';
import type { RuleSignature, RuleSignatureKind } from '../../gateway/codec/rule-signatures.ts';
import type { RuleFiles } from '../../gateway/codec/rule-set.ts';
import type { Certificate } from '../../gateway/codec/certificate.ts';
import { formatInstant } from '../../gateway/codec/timestamps.ts';
import { printable } from '../output.ts';
import { readSignature } from './rule-files.ts';

/** Who signed a set, and whether the signature holds for it; `problem` says why it doesn't. */
export interface RuleSignerView {
  readonly kind: RuleSignatureKind;
  readonly problem: string | undefined;
  readonly signature: RuleSignature | undefined;
}

/** The signatures that stand beside a set, held against it. Which persons may sign is known to the gateway alone. */
export function viewSignatures(folder: string, files: RuleFiles): readonly RuleSignerView[] {
  const draft = readSignature(folder, 'drafted')?.text;
  return (['drafted', 'loaded'] as const).flatMap((kind): RuleSignerView[] => {
    const read = readSignature(folder, kind)?.signature;
    if (read === undefined) return [];
    if (!read.ok) return [{ kind, problem: read.error, signature: undefined }];
    return [{ kind, problem: findProblem(read.value, files, draft), signature: read.value }];
  });
}

function findProblem(signature: RuleSignature, files: RuleFiles, draft: string | undefined): string | undefined {
  if (signature.signedHash !== signedHashOf(files)) return 'hoort bij andere regels, of zij zijn daarna gewijzigd';
  const isOfThisDraft = signature.draft === undefined || signature.draft === draftDigestOf(draft ?? '');
  return isOfThisDraft ? undefined : `hoort bij een andere ${RULE_SIGNATURES.drafted.file}`;
}

/** The name in a certificate, as a reader may be shown it. */
export function holderOf({ commonNames, thumbprint }: Certificate): string {
  return printable(`${commonNames.join(', ')} (${thumbprint})`);
}

/** As `rules check --json` has it. */
export function toSignatureJson({ kind, problem, signature }: RuleSignerView): object {
  const words = { drafted: 'opgesteld', loaded: 'geladen' } as const;
  return {
    soort: words[kind],
    geldig: problem === undefined,
    probleem: problem ?? null,
    door: signature?.certificate.commonNames.join(', ') ?? null,
    certificaat: signature?.certificate.thumbprint ?? null,
    tijdstip: signature === undefined ? null : formatInstant(signature.at),
    omgeving: signature?.environment ?? null,
  };
}
