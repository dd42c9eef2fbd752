import type { components } from '../typescript/schema.d.ts';
import type { Known } from './known.ts';
import type { LinkedEntry } from './log.ts';

/** How far the log of the node was, as it said itself. */
export type NodeHead = NonNullable<components['schemas']['MergedLog']['node']>;

/** Where the log begins here: what is before was merged long ago and is gone. */
export type LogBase = { readonly seq: number; readonly link: string };

/** What a device knows besides its log. */
export type DeviceFacts = {
  readonly known: Known;
  readonly base: LogBase;
  /** What the node said it has merged of the log. */
  readonly merged: { readonly seq: number };
  readonly witness: NodeHead;
};

/** Where a device keeps what a power cut must not lose. */
export type DeviceStore = {
  read<Name extends keyof DeviceFacts>(name: Name): Promise<DeviceFacts[Name] | undefined>;
  write<Name extends keyof DeviceFacts>(name: Name, value: DeviceFacts[Name]): Promise<void>;
  /** Keeps an entry so that a power cut does not lose it. Nobody passes before this is done. */
  append(entry: LinkedEntry): Promise<void>;
  /** Entries from a number on, oldest first. */
  entriesFrom(seq: number, limit?: number): Promise<readonly LinkedEntry[]>;
  /** Lets go of entries up to a number, and says where the log begins now, in one step. */
  forgetUpTo(base: LogBase): Promise<void>;
};
