import type { ParticipantName } from '../../certs-dev/participants.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import { freshBericht, NOW, oinOf } from './berichten.ts';
import type { Bericht, Sending } from './berichten.ts';
import type { RuleChanges, RuleRow } from './standing.ts';
import { editJson } from './workshop.ts';
import type { Workshop } from './workshop.ts';

/** A party in one of its roles. */
export type Party = readonly [name: ParticipantName, role: string];

/** What of an example becomes another. */
export interface Variation {
  readonly from?: Party;
  readonly to?: Party;
  readonly stuur?: RuleRow;
  readonly verwerking?: RuleRow;
  readonly inhoud?: RuleRow;
}

/** The JSON example with another sender, recipient, or members of its own; a member that becomes undefined goes. */
export function vary(type: string, name: string, { from, to, stuur, verwerking, inhoud }: Variation = {}): Bericht {
  const example = freshBericht(type, 'json', `${name}.json`);
  const party = (other: Party | undefined, own: unknown): unknown =>
    other === undefined ? own : { oin: oinOf(other[0]), rol: other[1] };
  const varied = editJson(example, (message) => {
    const control = message['stuurgegevens'] as RuleRow;
    return {
      stuurgegevens: {
        ...control,
        afzender: party(from, control['afzender']),
        ontvanger: party(to, control['ontvanger']),
        verwerking: { ...(control['verwerking'] as RuleRow), ...verwerking },
        ...stuur,
      },
      inhoud: { ...(message['inhoud'] as RuleRow), ...inhoud },
    };
  });
  return from === undefined ? varied : { ...varied, sender: from[0] };
}

/** `accepted`, or the code with the rule and place of each thing that is wrong. */
export function outcomeIn(
  shop: Workshop,
  bericht: Bericht,
  how: { readonly rules?: RuleChanges; readonly sending?: Partial<Sending> } = {},
): string {
  const standing = how.rules === undefined ? shop.plain : shop.withRules(how.rules);
  const judged = judge(shop.sendAs(bericht, how.sending), { ...standing, now: NOW });
  if (judged.ok) return 'accepted';
  const { code, violations } = judged.error;
  return [code, ...violations.map(({ path, rule }) => `${rule} ${path}`)].join(' ');
}
