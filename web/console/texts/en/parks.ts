import type { AppTexts } from '../app-texts.ts';

export const parks: AppTexts['parks'] = {
  lead: 'What holds on usual days. A single day is changed in the calendar. Tickets that were sold stay as they were sold.',
  everyDay: 'A usual day',
  capacity: 'Capacity',
  capacityHint: 'How many people may be inside at once.',
  groupPercent: 'Off for groups, %',
  groupHint: 'From ten children.',
  walkUp: 'Places for the desk of the park, %',
  walkUpHint: 'The node of the park sells them itself, without internet too.',
  reEntry: 'Coming in again',
  reEntries: { none: 'no', same_day: 'on the same day' },
  shownToGuests: 'What guests see',
  nameIn: (language) => `Name (${language})`,
  addressIn: (language) => `Address (${language})`,
  ownDays: 'Weekdays and holidays',
  ownDaysLead: 'Open a day that has other hours or prices. An empty field: as on a usual day.',
  holidays: 'Holidays',
  hasOwn: 'rules of its own',
  save: 'Save the park',
  saved: 'The park is saved',
};
