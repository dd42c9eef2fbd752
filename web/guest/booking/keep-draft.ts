import { signal, type Signal } from '@preact/signals';
import { EMPTY, type Draft } from './draft.ts';

const keyOf = (parkId: string): string => `skypark.visit.${parkId}`;

function read(parkId: string): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(sessionStorage.getItem(keyOf(parkId)) ?? '{}') as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

const open = new Map<string, Signal<Draft>>();

/** The draft of a visit to a park. It survives signing in and a reload, and ends with the tab. */
export function draftOf(parkId: string): Signal<Draft> {
  const found = open.get(parkId) ?? signal(read(parkId));
  open.set(parkId, found);
  return found;
}

export function change(parkId: string, changes: Partial<Draft>): void {
  const draft = draftOf(parkId);
  draft.value = { ...draft.peek(), ...changes };
  sessionStorage.setItem(keyOf(parkId), JSON.stringify(draft.peek()));
}

/** The visit is bought: the next one begins anew. */
export function dropDraft(parkId: string): void {
  sessionStorage.removeItem(keyOf(parkId));
  draftOf(parkId).value = EMPTY;
}
