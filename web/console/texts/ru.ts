import { calendar } from './ru/calendar.ts';
import { frame } from './ru/frame.ts';
import { incidents } from './ru/incidents.ts';
import { reports } from './ru/reports.ts';
import { today } from './ru/today.ts';

export const texts = {
  ...frame,
  today,
  calendar,
  reports,
  incidents,
};
