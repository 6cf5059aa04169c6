import type { RejectionCode, Stage } from '../domain/rejection.ts';

/** What is wrong and what to do about it, in Dutch, for the supplier who reads the answer. */
export const TEXTS = {
  ERR_BODY_EMPTY: 'Het verzoek heeft geen inhoud. Stuur het bericht zelf mee als inhoud van het verzoek.',
  ERR_BODY_TOO_LARGE:
    'De inhoud van het verzoek is te groot. Een bericht is hoogstens 35 MB, met bijlagen van samen hoogstens 21 MB.',
  ERR_BROKER_UNAVAILABLE:
    'Het doorgeefluik kan het bericht nu niet in de wachtrij zetten en heeft het niet overgenomen. Bied hetzelfde bericht later opnieuw aan.',
  ERR_BUSINESS_RULE:
    'Het bericht voldoet aan het schema, maar niet aan een bedrijfsregel van het berichttype; fouten noemt de regel en de plaats.',
  ERR_CERTIFICATE_ENVIRONMENT:
    'Het certificaat van de verbinding hoort bij een andere omgeving. Gebruik het certificaat van deze omgeving.',
  ERR_CERTIFICATE_EXPIRED: 'Het certificaat van de verbinding is verlopen. Gebruik een geldig certificaat.',
  ERR_CERTIFICATE_MISSING: 'De verbinding heeft geen certificaat van de afzender. Maak verbinding met uw certificaat.',
  ERR_CERTIFICATE_NOT_YET_VALID:
    'Het certificaat van de verbinding is nog niet geldig. Wacht tot de begindatum of gebruik een ander certificaat.',
  ERR_CERTIFICATE_OIN_AMBIGUOUS:
    'Het certificaat van de verbinding bevat meer dan één OIN. Vraag een certificaat aan met precies één OIN in subject:serialNumber.',
  ERR_CERTIFICATE_OIN_INVALID:
    'Het nummer in subject:serialNumber van het certificaat is geen OIN. Een OIN heeft 20 cijfers en een bekend voorvoegsel.',
  ERR_CERTIFICATE_OIN_MISSING:
    'Het certificaat van de verbinding bevat geen OIN. Vraag een certificaat aan met het OIN in subject:serialNumber.',
  ERR_CERTIFICATE_REVOKED:
    'Het certificaat van de verbinding, of dat van een uitgever ervan, is ingetrokken. Vraag een nieuw certificaat aan.',
  ERR_CERTIFICATE_STATUS_UNKNOWN:
    'Het doorgeefluik kan nu niet nagaan of het certificaat van de verbinding is ingetrokken. Probeer het later opnieuw.',
  ERR_CERTIFICATE_UNTRUSTED:
    'Het certificaat van de verbinding komt niet van een uitgever die deze omgeving vertrouwt. Gebruik een certificaat van PKIoverheid en stuur het tussenliggende certificaat mee.',
  ERR_CERTIFICATE_USAGE:
    'Het certificaat van de verbinding is niet bedoeld voor TLS-clients. Gebruik een certificaat met clientAuth en digitalSignature.',
  ERR_CONTENT_ENCODING: 'De inhoud is gecomprimeerd of gecodeerd. Stuur de inhoud zonder Content-Encoding.',
  ERR_CONTENT_NOT_ALLOWED:
    'De inhoud past niet bij een voorwaarde van de verzendmatrix; fouten noemt plaats en regel. Kies een ander berichttype of een andere ontvanger.',
  ERR_CONTENT_TYPE:
    'Het Content-Type past niet bij deze aanroep. Een bericht is application/xml of application/json, met hoogstens charset=utf-8.',
  ERR_CRISIS_NOT_CARRIED:
    'Een crisis gaat niet via dit kanaal: het bericht is niet aangenomen en niemand heeft het gezien. Bel de ontvangende organisatie nu.',
  ERR_EMERGENCY_STOP:
    'De beheerder heeft het verkeer voor deze partij of dit berichttype stilgelegd. Bied hetzelfde bericht later opnieuw aan.',
  ERR_ENCODING_NOT_UTF8: 'De inhoud is geen geldige UTF-8. Codeer het bericht als UTF-8 en onderteken het opnieuw.',
  ERR_ENVIRONMENT_MISMATCH:
    'De omgeving in de stuurgegevens is niet de omgeving van dit doorgeefluik. Stuur het bericht naar de juiste omgeving.',
  ERR_GATEWAY_BUSY:
    'Het doorgeefluik kan het verzoek nu niet verwerken en heeft niets overgenomen. Bied het later opnieuw aan.',
  ERR_HEADER_INVALID:
    'De kop van het verzoek is niet geldig HTTP/1.1, te groot, of bevat een header dubbel of een verwachting die niet bestaat.',
  ERR_JSON_DUPLICATE_KEY: 'Een JSON-object bevat een naam twee keer. Elke naam mag in een object één keer voorkomen.',
  ERR_JSON_LIMIT: 'Het JSON-document is te diep genest of heeft te veel onderdelen. Maak het bericht eenvoudiger.',
  ERR_JSON_MALFORMED: 'De inhoud is geen geldige JSON. Controleer het document met een JSON-lezer.',
  ERR_KENMERK_IS_BSN:
    'Het kenmerk is een burgerservicenummer. Een kenmerk mag niet naar een persoon verwijzen: gebruik bijvoorbeeld een UUID.',
  ERR_KENMERK_REUSED:
    'Dit kenmerk is al gebruikt voor een bericht met een andere inhoud. Geef een nieuw bericht een nieuw kenmerk, en herhaal een bericht byte voor byte.',
  ERR_LEASE_NOT_HELD:
    'U houdt dit bericht niet (meer) vast: de termijn is verstreken of het is al bevestigd of geweigerd. Haal het opnieuw op.',
  ERR_MANDATE_SIGN_MISSING:
    'De ondertekenaar heeft geen machtiging om dit berichttype voor de afzender te ondertekenen. Laat de afzender zelf ondertekenen of regel een machtiging.',
  ERR_MANDATE_SUBMIT_MISSING:
    'De organisatie van de verbinding heeft geen machtiging om dit berichttype voor de afzender in te dienen. Regel een machtiging bij de beheerder.',
  ERR_MESSAGE_TYPE_UNKNOWN:
    'Dit berichttype bestaat hier niet, of past niet bij de functie in de stuurgegevens. Controleer de naam en de namespace.',
  ERR_MESSAGE_VERSION_UNKNOWN: 'Deze versie van het berichttype wordt niet ondersteund. Gebruik een versie die geldt.',
  ERR_MUNICIPALITY_ENDED:
    'Deze gemeentecode is opgeheven en heeft niet één opvolger. Kies zelf de juiste gemeente uit de kandidaten.',
  ERR_NOT_FOUND: 'Dit adres of dit bericht bestaat niet, of is niet van u. Controleer het adres, de methode en het id.',
  ERR_PARTICIPANT_ENDED: 'De aansluiting van deze organisatie is beëindigd. Neem contact op met de beheerder.',
  ERR_PARTICIPANT_UNKNOWN:
    'De organisatie van dit certificaat is niet aangesloten. Neem contact op met de beheerder om aan te sluiten.',
  ERR_PROCESSING_INCOMPLETE:
    'Dit berichttype vraagt meer gegevens over de verwerking (zoals grondslag of toestemming). Vul ze in bij verwerking.',
  ERR_PURPOSE_NOT_ALLOWED:
    'Deze verwerking is niet toegestaan: werkveld, grondslag, toestemming en reden passen hier niet bij elkaar. Zonder de vereiste toestemming mag het niet.',
  ERR_RECIPIENT_AMBIGUOUS:
    'Dit adres past op meer dan één aansluitpunt. Vul de ontvanger preciezer in; GET /v1/routering zegt hoe.',
  ERR_RECIPIENT_ENDED: 'De aansluiting van de ontvanger is beëindigd. Gebruik een andere ontvanger.',
  ERR_RECIPIENT_FORMAT:
    'Het aansluitpunt van de ontvanger neemt dit formaat of deze vorm van ondertekening niet aan; GET /v1/routering zegt welke wel.',
  ERR_RECIPIENT_NOT_ADMITTED:
    'De ontvanger voldoet niet aan een voorwaarde om dit berichttype te krijgen; fouten noemt de regel. Kies een ontvanger die het wel mag krijgen.',
  ERR_RECIPIENT_UNKNOWN: 'Deze ontvanger is niet aangesloten in deze rol. Controleer het adres en de rol.',
  ERR_REPEAT_IN_PROGRESS:
    'Hetzelfde bericht wordt op dit moment al verwerkt. Bied het over enkele seconden opnieuw aan voor de bevestiging.',
  ERR_REPLY_UNKNOWN:
    'Dit bericht moet een antwoord zijn op een bericht dat u de laatste vijf maanden van deze ontvanger kreeg. Noem het kenmerk daarvan in antwoordOp (StUF: crossRefnummer).',
  ERR_REQUEST_INVALID:
    'Het verzoek heeft een parameter of een inhoud die niet mag of ontbreekt; fouten noemt de plaats.',
  ERR_REQUEST_TOO_SLOW:
    'Het verzoek kwam niet binnen de tijd volledig binnen; er is niets overgenomen. Bied hetzelfde bericht opnieuw aan.',
  ERR_ROUTE_AMBIGUOUS:
    'Meer dan één regel past op deze afzender, dit berichttype en deze ontvanger; het bericht is daarom niet doorgestuurd. Meld dit bij de beheerder.',
  ERR_ROUTE_NONE:
    'Geen regel laat deze afzender dit berichttype naar deze ontvanger sturen. Controleer het type en de rollen, of vraag de beheerder om een regel in de verzendmatrix.',
  ERR_SCHEMA_INVALID: 'Het bericht voldoet niet aan het schema van het berichttype; fouten noemt plaats en regel.',
  ERR_SENDER_ENDED: 'De aansluiting van de afzender is beëindigd. Neem contact op met de beheerder.',
  ERR_SENDER_NOT_ADMITTED:
    'De afzender voldoet niet aan een voorwaarde om dit berichttype te sturen; fouten noemt de regel. Vraag de beheerder wat er in de registratie ontbreekt.',
  ERR_SENDER_UNKNOWN: 'De afzender in het bericht is niet aangesloten in deze rol. Controleer OIN en rol.',
  ERR_SIGNATURE_ALGORITHM:
    'De handtekening gebruikt een algoritme, transformatie of sleutel die niet is toegestaan. Gebruik één van de profielen uit docs/aansluiten.md.',
  ERR_SIGNATURE_DIGEST:
    'De digest past niet bij de ontvangen bytes, of ontbreekt. Onderteken precies de bytes die u verstuurt.',
  ERR_SIGNATURE_INVALID:
    'De handtekening klopt niet. Onderteken het bericht opnieuw en verander er daarna niets meer aan.',
  ERR_SIGNATURE_MALFORMED:
    'De handtekening heeft niet de voorgeschreven vorm. Vergelijk haar met het voorbeeld in docs/aansluiten.md.',
  ERR_SIGNATURE_MISPLACED:
    'Er staat een handtekening op een plaats waar die niet mag. Een ingesloten handtekening is het laatste kind van het bericht.',
  ERR_SIGNATURE_MISSING:
    'Het bericht is niet ondertekend. Stuur de header Payload-Signature mee, of onderteken in het bericht.',
  ERR_SIGNATURE_MULTIPLE: 'Het bericht heeft meer dan één handtekening. Stuur er precies één mee.',
  ERR_SIGNATURE_TIME_FUTURE:
    'Het tijdstip van ondertekening of dat in stuurgegevens ligt meer dan vijf minuten in de toekomst. Controleer het, en de klok van uw systeem.',
  ERR_SIGNATURE_TIME_OLD:
    'Het bericht is meer dan zeven dagen geleden ondertekend. Onderteken het opnieuw als het nog nodig is.',
  ERR_SIGNER_EXPIRED: 'Het certificaat van de ondertekenaar is verlopen. Gebruik een geldig certificaat.',
  ERR_SIGNER_NOT_YET_VALID: 'Het certificaat van de ondertekenaar is nog niet geldig. Gebruik een geldig certificaat.',
  ERR_SIGNER_OIN:
    'Het certificaat van de ondertekenaar noemt niet precies één geldig OIN, of niet dat van de afzender. Onderteken met het juiste certificaat.',
  ERR_SIGNER_REVOKED:
    'Het certificaat van de ondertekenaar, of dat van een uitgever ervan, is ingetrokken. Onderteken met een ander certificaat.',
  ERR_SIGNER_STATUS_UNKNOWN:
    'Het doorgeefluik kan nu niet nagaan of het certificaat van de ondertekenaar is ingetrokken. Bied hetzelfde bericht later opnieuw aan.',
  ERR_SIGNER_UNTRUSTED:
    'Het certificaat van de ondertekenaar komt niet van een uitgever die deze omgeving vertrouwt. Gebruik een certificaat van PKIoverheid.',
  ERR_SIGNER_USAGE:
    'Het certificaat van de ondertekenaar mag niet ondertekenen. Gebruik een certificaat met digitalSignature.',
  ERR_STUF_BERICHTCODE: 'De berichtcode in de StUF-stuurgegevens is hier niet bekend. Gebruik die van het berichttype.',
  ERR_TOO_MANY_REQUESTS: 'U hebt te veel verzoeken tegelijk open. Wacht even en stuur er minder tegelijk.',
  ERR_XML_DOCTYPE: 'Het XML-document bevat een DOCTYPE. Laat die weg.',
  ERR_XML_LIMIT: 'Het XML-document is te diep genest of heeft te veel onderdelen. Maak het bericht eenvoudiger.',
  ERR_XML_MALFORMED: 'De inhoud is geen welgevormde XML. Controleer het document met een XML-lezer.',
} as const satisfies Record<RejectionCode, string>;

/** The `title` of a problem: the same for every refusal found in one stage (RFC 9457 3.1.3). */
export const TITLES: Readonly<Record<Stage, string>> = {
  receive: 'Verzoek niet aangenomen',
  authenticate: 'Verbinding niet geaccepteerd',
  'verify-signature': 'Handtekening niet geaccepteerd',
  parse: 'Bericht niet leesbaar',
  validate: 'Bericht voldoet niet aan het schema',
  authorise: 'Niet toegestaan',
  route: 'Niet doorgestuurd',
  seal: 'Bericht niet verzegeld',
  record: 'Bericht niet vastgelegd',
  publish: 'Bericht niet overgenomen',
  query: 'Aanroep niet uitgevoerd',
};
