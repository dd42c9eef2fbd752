import type { Sum } from './tally.ts';

/** A run of so many seeds that never came to one of its states has not looked where faults are. */
const EXPECTED: readonly { readonly fromSeeds: number; readonly states: readonly string[] }[] = [
  {
    fromSeeds: 100,
    states: [
      'a clock went wrong',
      'a disk was full',
      'a log of a device: merged',
      'a park was killed',
      'a park was put back',
      'a park was revoked',
      'a ticket was used twice',
      'cancel: 200 active',
      'cancelled, and some had come in: used',
      'dismissed staff: turned away',
      'headquarters was killed',
      'incident at a gate',
      'link: cut',
      'link: replies_lost',
      'money went back: expired',
      'money went back: refunded',
      'scan (cut off): admitted',
      'scan (cut off): already_used',
      'scan: wrong_date',
      'scan: wrong_park',
      'sell (cut off): 201 active',
      'staff whose dismissal is not heard of: taken',
      'talk: what an answer was lost to was asked again',
      'told: TicketMoveUndone',
    ],
  },
  {
    fromSeeds: 300,
    states: [
      'a device alone: green, in',
      'a device alone: quota_used_up',
      'a device was beyond its quota',
      'a log of a device: forked',
      'a node was killed while places were under way',
      'a node was put back while places were under way',
      'a stolen device was turned away',
      'buy: 409 park_at_capacity',
      'cancel (override, cut off): 200 active',
      'cancelled, and some had come in: refunded',
      'headquarters was put back',
      'move: 200 active',
      'paid for twice: active',
      'scan (put back): admitted',
      'sell (put back): 409 park_at_capacity',
      'told: DeviceLogForked',
      'two copies of a log came at the same moment',
    ],
  },
];

/** Rare states that none of many seeds came to. */
export const unreached = ({ seeds, reached }: Pick<Sum, 'seeds' | 'reached'>): readonly string[] =>
  EXPECTED.filter(({ fromSeeds }) => seeds >= fromSeeds)
    .flatMap(({ states }) => states)
    .filter((state) => reached[state] === undefined);
