import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Notice, NotifyGuest } from '../contract.ts';
import { costsNothing } from '../domain/costs-nothing.ts';
import { messageOf } from '../domain/notice-texts.ts';
import type { Channel, Contact, ContactOf, MayText, Outbox, ParkNames, WallClock } from './ports.ts';

type Dependencies = {
  readonly contactOf: ContactOf;
  readonly parkNames: ParkNames;
  readonly mayText: MayText;
  readonly wallClock: WallClock;
  readonly outbox: Outbox;
  readonly ids: Ids;
  readonly clock: Clock;
};

/** Where a guest wants to hear of it: the phone always, the e-mail too when there is one. */
const addressesOf = ({ phone, email }: Contact): readonly { readonly channel: Channel; readonly to: string }[] => [
  { channel: 'sms', to: phone },
  ...(email === null ? [] : [{ channel: 'email', to: email } as const]),
];

/** Writes messages in the guest's language and keeps them for sending; sending them is a job's. */
export function createNotifyGuest(dependencies: Dependencies): NotifyGuest {
  const { contactOf, parkNames, mayText, wallClock, outbox, ids, clock } = dependencies;

  async function writeFor(notice: Notice, language: Contact['language']) {
    const park = 'parkId' in notice ? await parkNames(notice.parkId) : null;
    const until =
      notice.kind === 'place_offered' && park !== null ? wallClock(notice.untilMs, park.timeZone, language) : null;
    return messageOf(notice, language, { park: park?.names[language] ?? null, until });
  }

  return async ({ noticeId, userId, notice }) => {
    const contact = await contactOf(userId);
    if (contact === null) return;
    const message = await writeFor(notice, contact.language);
    for (const { channel, to } of addressesOf(contact)) {
      if (channel === 'sms' && costsNothing(notice) && !(await mayText(userId, to))) continue;
      const messageId = ids.derive(`notice:${noticeId}/${channel}`);
      await outbox.put({ messageId, userId, kind: notice.kind, channel, letter: { ...message, to } }, clock.now());
    }
  };
}
