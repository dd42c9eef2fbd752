import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

export const incidents: AppTexts['incidents'] = {
  lead: 'A place of a ticket came in more than once, at gates that were cut off for instance. To resolve it changes neither money nor tickets.',
  status: 'Which to show',
  statuses: { open: 'Open', resolved: 'Resolved' },
  empty: {
    open: 'There are no open incidents. Well done!',
    resolved: 'No incident was resolved yet.',
  },
  noticed: 'Noticed',
  park: 'Park',
  what: 'What happened',
  visit: 'Visit',
  first: 'First time',
  outcome: 'Outcome',
  admittedTimes: (place, scans) =>
    `Place ${place} of a ticket came in ${counted('en', scans, { one: 'time', other: 'times' })}`,
  firstAt: (gate, when) => `gate “${gate}”, ${when}`,
  resolve: 'Resolve',
  resolveTitle: 'What the incident turned out to be',
  whatWasIt: 'What was it',
  resolutions: {
    gate_mistake: 'A mistake at the gate',
    shared_code: 'The code was passed on',
    wrong_clock: 'A device with a wrong clock',
    other: 'Something else',
  },
  note: 'Explanation',
  noteHint: 'What was found out, and from whom.',
  resolveLead: 'It is said once and stays on record.',
  resolved: 'The outcome is on record',
};
