import type { Contact } from '../../modules/nodes/contract.ts';

/** How old what is known of a park's gates is. */
export type Lag = { readonly nodesBehind: number; readonly asOfMs: number };

/** A node that said within this time how much it wrote, all of which is here, is not behind. It says so every 30 s. */
const BEHIND_MS = 60_000;

type Heard = {
  /** What the node said last about itself; null when it never did. */
  readonly contact: Contact | null;
  /** When events of it came last, in ms since 1970; null when none did. */
  readonly receivedMs: number | null;
  /** Of the life that it spoke of, how much is held here. */
  readonly heldSeq: number;
  readonly nowMs: number;
};

/** A quiet node that says that it wrote nothing is up to date; one that talks but has a backlog is not. */
export function lagOf({ contact, receivedMs, heldSeq, nowMs }: Heard): Lag {
  const isWhole = contact !== null && heldSeq >= contact.headSeq;
  const knownMs = Math.max(isWhole ? contact.atMs : 0, receivedMs ?? 0);
  const isBehind = !isWhole || nowMs - knownMs > BEHIND_MS;
  return { nodesBehind: isBehind ? 1 : 0, asOfMs: Math.min(knownMs, nowMs) };
}
