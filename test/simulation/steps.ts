import type { MessageFault } from './link.ts';
import type { ParkId } from './places.ts';

/** What people do. A ticket is named by the step that made it, so that other steps can be left out. */
export type Act =
  | {
      readonly kind: 'buy';
      readonly guest: number;
      readonly park: ParkId;
      readonly day: 0 | 1;
      readonly people: number;
      /** Of a school: so many children, and two adults besides. */
      readonly pupils?: number;
    }
  /** Of what is paid the bank tells again: of what was found by asking it, so for the first time. */
  | { readonly kind: 'pay'; readonly ticket: number; readonly how: 'pays' | 'declines'; readonly told: 0 | 1 | 2 }
  | {
      readonly kind: 'sell';
      readonly park: ParkId;
      readonly people: number;
      readonly method: 'cash' | 'elcard_terminal';
    }
  | {
      readonly kind: 'scan';
      readonly park: ParkId;
      readonly ticket: number;
      readonly direction: 'in' | 'out';
      /** Null: the whole party. */
      readonly people: number | null;
      /** The gate asks again, as one that did not hear the answer. */
      readonly again: boolean;
      /** The gate is cut off and lets them in by the code alone; its node hears of it afterwards. */
      readonly alone?: boolean;
      /** By the code as it was seen first, on paper, whatever it is by now. */
      readonly printed?: boolean;
      /** Whoever was hired at this step stands at the gate. */
      readonly staff?: number;
    }
  | {
      readonly kind: 'cancel';
      readonly ticket: number;
      readonly by: 'guest' | 'manager';
      /** The manager insists, whoever is inside. */
      readonly override?: boolean;
      /** The manager is whoever was hired at this step. */
      readonly staff?: number;
    }
  /** Somebody begins to work at a park, with an account and a password of their own. */
  | { readonly kind: 'hire'; readonly park: ParkId; readonly role: 'gate' | 'manager' }
  /** Headquarters takes their role away. */
  | { readonly kind: 'dismiss'; readonly staff: number }
  | { readonly kind: 'move'; readonly ticket: number; readonly day: 0 | 1 }
  | { readonly kind: 'capacity'; readonly park: ParkId; readonly to: number }
  | { readonly kind: 'price'; readonly park: ParkId; readonly som: number }
  /** A gate device with a key is enrolled; one is named by the step that made it. */
  | { readonly kind: 'device'; readonly park: ParkId }
  | { readonly kind: 'device_copied'; readonly device: number }
  /** It is alone, and decides by its own log. */
  | {
      readonly kind: 'device_scan';
      readonly device: number;
      readonly ticket: number;
      readonly direction: 'in' | 'out';
      readonly people: number | null;
    }
  /** It listens, and brings its log: so many copies of each part are under way at the same moment. */
  | { readonly kind: 'device_talk'; readonly device: number; readonly copies: 1 | 2 }
  | { readonly kind: 'work'; readonly node: 'hq' | ParkId }
  | { readonly kind: 'talk'; readonly park: ParkId; readonly rounds: number };

/** What breaks. */
export type Fault =
  | { readonly kind: 'cut' | 'replies_lost' | 'mend'; readonly park: ParkId }
  | { readonly kind: 'messages'; readonly park: ParkId; readonly faults: readonly MessageFault[] }
  | { readonly kind: 'crash'; readonly node: 'hq' | ParkId; readonly forgets: number }
  | { readonly kind: 'put_aside' | 'put_back'; readonly node: 'hq' | ParkId }
  | { readonly kind: 'skew'; readonly node: 'hq' | ParkId; readonly ms: number }
  | { readonly kind: 'bank_away' | 'bank_back' }
  /** Its database takes nothing any more, and answers what it is asked all the same. */
  | { readonly kind: 'disk_full' | 'disk_freed'; readonly node: 'hq' | ParkId }
  | { readonly kind: 'device_stolen'; readonly device: number }
  /** The machine of a park was stolen: headquarters goes on at its gates. */
  | { readonly kind: 'revoke'; readonly park: ParkId };

export type Step = (Act | Fault) & {
  /** Stays the same when other steps are left out. */
  readonly id: number;
  /** Since the beginning. */
  readonly afterMs: number;
};

export type Plan = { readonly seed: string; readonly steps: readonly Step[] };
