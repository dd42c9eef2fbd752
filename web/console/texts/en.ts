import type { AppTexts } from './app-texts.ts';
import { calendar } from './en/calendar.ts';
import { frame } from './en/frame.ts';
import { incidents } from './en/incidents.ts';
import { reports } from './en/reports.ts';
import { today } from './en/today.ts';

export const texts: AppTexts = {
  ...frame,
  today,
  calendar,
  reports,
  incidents,
};
