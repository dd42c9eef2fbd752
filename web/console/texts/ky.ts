import type { AppTexts } from './app-texts.ts';
import { calendar } from './ky/calendar.ts';
import { frame } from './ky/frame.ts';
import { incidents } from './ky/incidents.ts';
import { reports } from './ky/reports.ts';
import { today } from './ky/today.ts';

export const texts: AppTexts = {
  ...frame,
  today,
  calendar,
  reports,
  incidents,
};
