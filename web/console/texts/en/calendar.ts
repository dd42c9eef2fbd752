import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

const places = (count: number): string => counted('en', count, { one: 'place', other: 'places' });

export const calendar: AppTexts['calendar'] = {
  lead: 'Prices, hours, closed days and places. Press a day to change it. Tickets that were sold stay as they were sold.',
  previousMonth: 'Previous month',
  nextMonth: 'Next month',
  ownRule: 'The day has rules of its own',
  left: (remaining, capacity) => `${remaining} of ${capacity} free`,
  taken: 'Places taken',
  closed: 'Closed',
  deficit: (count) => `${count} too many`,
  deficitLead: (count) =>
    `More is sold than is allowed now: ${places(count)} over the limit. The tickets are good; nothing more is sold.`,
  hours: 'Hours',
  capacity: 'Places',
  priceUnder3: 'Under 3',
  priceOver3: 'From 3',
  priceAdult: 'Adult',
  estimated: 'the date is an estimate',
  from: {
    date: 'rule of this day',
    holiday: 'rule of holidays',
    weekday: 'rule of the weekday',
    default: 'usual rule of the park',
  },
  isOpen: 'Is the park open on this day',
  states: { as_usual: 'As usual', open: 'Open', closed: 'Closed' },
  emptyLeaves: 'An empty field leaves the usual rule.',
  openTime: 'Opens',
  closeTime: 'Closes',
  dayQuota: 'Places that may be sold',
  dayQuotaHint: (capacity) => `Now ${capacity}. Empty: as many as the park holds.`,
  quotaTooLow: (taken) =>
    `${places(taken)} are taken already. Nothing more is sold for this day; tickets that were sold stay good.`,
  closingLead: 'No more tickets are sold for this day. Those that were sold stay good until you cancel them.',
  reasonIn: (language) => `What guests read (${language})`,
  note: 'Note for staff',
  noteHint: 'Guests do not see it.',
  save: 'Save the day',
  saved: (day) => `${day} is saved`,
  undo: 'Undo',
  undone: 'The rules of the day are as they were',
  notUndone: 'It could not be undone: the day was changed since. Please open it again.',
  cancelAll: 'Cancel all tickets of the day',
  cancelAllLead: (day) =>
    `All tickets for ${day} that nobody used will not be good any more, the money goes back, and guests are told. It cannot be undone.`,
  cancelling: 'Cancelling the tickets of the day',
  allCancelled: 'The tickets of the day are cancelled',
  cancelProgress: (cancelled, tickets, refunded, admitted) =>
    `${cancelled} of ${tickets} cancelled, ${refunded} paid back, ${admitted} stay (somebody came in)`,
  until: 'Until',
  untilHint: 'When the rule is the same for days. Empty: this day alone.',
  savedDays: (count) => `${counted('en', count, { one: 'day is', other: 'days are' })} saved`,
  changesNow: 'Somebody is changing the next one right now.',
  stoppedAt: (count, why) =>
    `${counted('en', count, { one: 'day is', other: 'days are' })} saved, the others are as they were. ${why}`,
};
