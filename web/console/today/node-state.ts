import type { Node } from './load-today.ts';

export type NodeState = 'well' | 'silent' | 'troubled' | 'never_heard' | 'invited';

/** A node that works is heard every few seconds. */
const SILENT_AFTER_MS = 60_000;

/** What a person should think of a node by what was heard of it last. */
export function stateOfNode({ status, contact, copies, quarantined }: Node, nowMs: number): NodeState {
  if (status === 'invited') return 'invited';
  if (contact === null) return 'never_heard';
  if (contact.verdict !== 'ok' || contact.trouble !== null || contact.parked.length > 0) return 'troubled';
  if (copies.length > 0 || quarantined > 0) return 'troubled';
  return nowMs - Date.parse(contact.at) > SILENT_AFTER_MS ? 'silent' : 'well';
}

/** How each state looks. */
export const LOOK_OF_STATE: Readonly<Record<NodeState, 'good' | 'warn' | 'bad' | ''>> = {
  well: 'good',
  silent: 'bad',
  troubled: 'bad',
  never_heard: 'warn',
  invited: '',
};
