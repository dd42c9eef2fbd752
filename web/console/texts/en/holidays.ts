import type { AppTexts } from '../app-texts.ts';

export const holidays: AppTexts['holidays'] = {
  title: 'Public holidays',
  lead: 'On these days all parks have the prices and hours of holidays. Tickets that were sold stay as they are.',
  leadOfReader: 'On these days the prices and hours of holidays hold. An administrator changes the list.',
  add: 'Add a holiday',
  edit: 'Change',
  remove: 'Remove',
  removeTitle: (name) => `Remove ${name} from the holidays?`,
  removeLead: 'The day has its usual prices and hours again.',
  day: 'Day',
  name: 'Name',
  certainty: 'How sure',
  certainties: {
    fixed: 'by law every year',
    announced: 'announced for the year',
    estimated: 'computed, may move',
  },
  source: 'Who says so',
  sourceHint: 'For example a decree of the government',
  todo: 'Actions',
  save: 'Save the holiday',
  saved: 'The list of holidays is saved',
};
