/** Where a bericht was turned down (`stage`), in Dutch. */
export const STAGE_WORDS: ReadonlyMap<string, string> = new Map([
  ['receive', 'binnenkomst'],
  ['authenticate', 'vaststellen wie indient'],
  ['verify-signature', 'controle van de handtekening'],
  ['parse', 'lezen'],
  ['validate', 'controle van de inhoud'],
  ['authorise', 'controle van de bevoegdheid'],
  ['route', 'bepalen van de ontvanger'],
  ['seal', 'versleutelen'],
  ['record', 'vastleggen'],
  ['publish', 'in de wachtrij zetten'],
  ['query', 'bevragen'],
]);

/** Why an attempt failed (`fault`), in Dutch. */
export const FAULT_WORDS: ReadonlyMap<string, string> = new Map([
  ['address-refused', 'adres niet toegestaan'],
  ['connect-failed', 'geen verbinding'],
  ['tls-failed', 'geen beveiligde verbinding'],
  ['peer-oin', 'een ander OIN aan de overkant'],
  ['timed-out', 'geen antwoord op tijd'],
  ['connection-lost', 'verbinding verbroken'],
  ['answer-too-large', 'antwoord te groot'],
  ['answer-malformed', 'antwoord onleesbaar'],
  ['redirected', 'antwoord verwijst door'],
  ['status-4xx', 'antwoord 4xx'],
  ['status-5xx', 'antwoord 5xx'],
  ['answer-unproven', 'antwoord bewijst niets'],
  ['receipt-invalid', 'bevestiging ongeldig'],
  ['receipt-missing', 'bevestiging ontbreekt'],
  ['refusal-unproven', 'weigering niet bewezen'],
  ['lease-expired', 'opgehaald, niet op tijd bevestigd'],
  ['withheld', 'niet meer aan de ophaler gegeven'],
]);
