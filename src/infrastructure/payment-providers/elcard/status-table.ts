/** What a number of `orderStatus` can mean. `authorized`: set aside on the card but not taken. */
export const STATUS_MEANINGS = [
  'registered',
  'authorized',
  'paid',
  'reversed',
  'refunded',
  'partly_refunded',
  'card_holder_asked',
  'declined',
] as const;
export type StatusMeaning = (typeof STATUS_MEANINGS)[number];

/** What the numbers of one bank mean. One that is not here says nothing; it never means that no money came. */
export type StatusTable = Readonly<Record<number, StatusMeaning>>;

/** The numbers on which all banks with this API agree. What 7 and more mean each bank says for itself. */
export const COMMON_STATUSES: StatusTable = {
  0: 'registered',
  1: 'authorized',
  2: 'paid',
  3: 'reversed',
  4: 'refunded',
  5: 'card_holder_asked',
  6: 'declined',
};
