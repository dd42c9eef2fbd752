import type { Sum } from './tally.ts';

/** From so many seeds on a run that never came to one of these states has not looked where faults are. */
const FROM_SEEDS = 100;

const EXPECTED = [
  'a clock went wrong',
  'a disk was full',
  'a device alone: green, in',
  'a device alone: quota_used_up',
  'a device was beyond its quota',
  'a log of a device: forked',
  'a log of a device: merged',
  'a node was killed while places were under way',
  'a node was put back while places were under way',
  'a park was killed',
  'a park was put back',
  'a park was revoked',
  'a ticket was used twice',
  'a stolen device was turned away',
  'buy: 409 park_at_capacity',
  'cancel: 200 active',
  'cancel (override, cut off): 200 active',
  'cancelled, and some had come in: refunded',
  'cancelled, and some had come in: used',
  'dismissed staff: turned away',
  'headquarters was killed',
  'headquarters was put back',
  'incident at a gate',
  'link: cut',
  'link: replies_lost',
  'money went back: expired',
  'money went back: refunded',
  'move: 200 active',
  'paid for twice: used',
  'scan (cut off): admitted',
  'scan (cut off): already_used',
  'scan (put back): admitted',
  'scan: wrong_date',
  'scan: wrong_park',
  'sell (cut off): 201 active',
  'sell (put back): 409 park_at_capacity',
  'staff whose dismissal is not heard of: taken',
  'talk: what an answer was lost to was asked again',
  'told: DeviceLogForked',
  'told: TicketMoveUndone',
  'two copies of a log came at the same moment',
] as const;

/** Rare states that none of many seeds came to. */
export const unreached = ({ seeds, reached }: Pick<Sum, 'seeds' | 'reached'>): readonly string[] =>
  seeds < FROM_SEEDS ? [] : EXPECTED.filter((state) => reached[state] === undefined);
