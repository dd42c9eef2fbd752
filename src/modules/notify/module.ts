import type { Ids } from '../../kernel/ids.ts';
import { MS_A_DAY, type Clock } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import { formatInstant } from '../../infrastructure/human-instant.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createNotifyGuest } from './application/notify-guest.ts';
import type { Channel, ContactOf, MayText, Messenger, Outbox, ParkNames } from './application/ports.ts';
import { createSendMessages, type SendMessages } from './application/send-messages.ts';
import type { NotifyGuest } from './contract.ts';
import { createOutbox } from './persistence/outbox.ts';

/** How long messages are kept to look into. */
const KEPT_MS = 30 * MS_A_DAY;

export const notifyManifest: Manifest = {
  name: 'notify',
  events: [],
  projections: [],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type NotifyModule = Module & {
  readonly notifyGuest: NotifyGuest;
  readonly sendMessages: SendMessages;
  readonly messageRecords: Pick<Outbox, 'ofUser'>;
  /** Messages that are still to be sent. */
  readonly messageBacklog: Outbox['backlog'];
};

type Dependencies = {
  readonly database: Database;
  readonly vault: Vault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly contactOf: ContactOf;
  readonly parkNames: ParkNames;
  readonly mayText: MayText;
  readonly messengers: Readonly<Record<Channel, Messenger>>;
};

/** What guests are told without asking: by text message, and by e-mail where they gave one. */
export function createNotifyModule(dependencies: Dependencies): NotifyModule {
  const { database, vault, clock } = dependencies;
  const outbox = createOutbox(database, vault, clock);
  const sendMessages = createSendMessages({ ...dependencies, outbox });
  return {
    ...notifyManifest,
    routes: [],
    notifyGuest: createNotifyGuest({ ...dependencies, outbox, wallClock: formatInstant }),
    sendMessages,
    messageRecords: outbox,
    messageBacklog: () => outbox.backlog(),
    jobs: [
      { name: 'send messages', everyMs: 1000, run: ({ stopping }) => sendMessages(stopping) },
      { name: 'forget messages', everyMs: MS_A_DAY, run: () => outbox.forget(clock.now() - KEPT_MS) },
    ],
  };
}
