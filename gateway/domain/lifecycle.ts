/** States of a bericht in the register. `received` precedes the broker's confirm; the last four end it. */
export const MESSAGE_STATES = ['received', 'accepted', 'delivered', 'refused', 'expired', 'not-accepted'] as const;

/** One of `MESSAGE_STATES`. */
export type MessageState = (typeof MESSAGE_STATES)[number];

/** The states that end a bericht; `not-accepted` only ends one for which no submission receipt was given. */
export type EndState = Exclude<MessageState, 'received' | 'accepted'>;

/** Whether the state absorbs every later event. */
export function isEndState(state: MessageState): state is EndState {
  return state !== 'received' && state !== 'accepted';
}

/**
 * Whether the register may move a bericht from one state to the other. Everything not listed is refused, so a late
 * success after `expired` changes nothing.
 */
export function isTransitionAllowed(from: MessageState, to: MessageState): boolean {
  return NEXT[from].includes(to);
}

const NEXT: Readonly<Record<MessageState, readonly MessageState[]>> = {
  received: ['accepted', 'not-accepted'],
  accepted: ['delivered', 'refused', 'expired'],
  delivered: [],
  refused: [],
  expired: [],
  'not-accepted': [],
};
