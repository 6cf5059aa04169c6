import { readText } from '../adapters/files/index.ts';
import { parseCertificatesPem } from './codec/certificate.ts';
import type { Certificate } from './codec/certificate.ts';
import { judgeApproval } from './codec/judge-approval.ts';
import type { RuleSigner } from './codec/judge-approval.ts';
import type { LoadedConfig } from './compose-config.ts';
import type { StandingSource } from './compose-standing.ts';
import type { LoadedRules, RuleApproval } from './domain/rule-approval.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { Clock } from './ports/system.ts';

/**
 * The two persons that answer for the rules in these files; undefined where no signatures are asked for. Throws
 * ConfigurationFault when a signature lacks or doesn't hold.
 */
export type Approver = (
  ruleFiles: StandingSource['ruleFiles'],
  inForce: LoadedRules | undefined,
) => RuleApproval | undefined;

/** Reads who may sign rules. Throws ConfigurationFault when that can't give four eyes, or when productie names nobody. */
export function createApprover(config: LoadedConfig, clock: Clock): Approver {
  const { file } = config;
  if (file.regelondertekening === undefined) {
    if (file.omgeving !== 'productie') return () => undefined;
    throw new ConfigurationFault(
      'ERR_RULES_SIGNERS_MISSING',
      'In productie gelden alleen regels die de een opstelde en een ander laadde: zet bij regelondertekening wie dat mogen',
    );
  }
  const signers = file.regelondertekening.personen.map(({ naam, certificaten }) => ({
    name: naam,
    certificates: certificaten.map((path) => readCertificate(config, path)),
  }));
  assertApart(signers);
  return (ruleFiles, inForce) => {
    const demand = { signers, environment: file.omgeving, now: clock.now(), inForce };
    const texts = new Map([...ruleFiles].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]));
    const approval = judgeApproval(texts, demand);
    if (approval.ok) return approval.value;
    throw new ConfigurationFault(
      'ERR_RULES_UNSIGNED',
      `De regels zijn niet door twee personen ondertekend: ${approval.error}`,
    );
  };
}

function readCertificate({ at }: LoadedConfig, path: string): Certificate {
  const pem = readText(at(path), 'regelondertekening');
  const [certificate] = readPem(pem);
  if (certificate !== undefined) return certificate;
  throw new ConfigurationFault('ERR_RULES_SIGNERS_INVALID', `regelondertekening: in ${path} staat geen certificaat`);
}

function readPem(pem: string): readonly Certificate[] {
  try {
    return parseCertificatesPem(pem);
  } catch {
    // Its caller says which file it is.
    return [];
  }
}

// One person under two names would be four eyes on paper: no name, certificate or key may be of two.
function assertApart(signers: readonly RuleSigner[]): void {
  const names = signers.map(({ name }) => name.toLowerCase());
  const keys = signers.map(({ certificates }) => new Set(certificates.map(keyOf)));
  const isShared = keys.some((own, index) =>
    keys.slice(index + 1).some((other) => [...own].some((key) => other.has(key))),
  );
  if (!isShared && new Set(names).size === names.length) return;
  throw new ConfigurationFault(
    'ERR_RULES_SIGNERS_INVALID',
    'regelondertekening: twee personen hebben dezelfde naam of dezelfde sleutel; elk heeft een eigen',
  );
}

function keyOf({ publicKey }: Certificate): string {
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}
