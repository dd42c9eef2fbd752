import { CalendarDays, ChartColumn, House, TriangleAlert, type IconNode } from 'lucide';
import { lazy } from 'preact-iso';
import { mayAnywhere, MANAGERS, OFFICE, type Role } from '../session/staff.ts';
import type { AppTexts } from '../texts/app-texts.ts';

export type SectionKey = keyof AppTexts['sections'];

export type Section = {
  readonly key: SectionKey;
  readonly path: string;
  readonly icon: IconNode;
  /** Who sees it: one of these roles, anywhere. */
  readonly roles: readonly Role[];
  /** Where it works: the node of a park knows nothing of what is kept at headquarters. */
  readonly at: 'everywhere' | 'hq';
  readonly Page: () => preact.VNode;
};

/** All pages of the console. Each is fetched when it is first opened. */
export const SECTIONS: readonly Section[] = [
  {
    key: 'today',
    path: '/console',
    icon: House,
    roles: OFFICE,
    at: 'everywhere',
    Page: lazy(() => import('../today/today-page.tsx').then(({ TodayPage }) => TodayPage)),
  },
  {
    key: 'calendar',
    path: '/console/calendar',
    icon: CalendarDays,
    roles: OFFICE,
    at: 'everywhere',
    Page: lazy(() => import('../calendar/calendar-page.tsx').then(({ CalendarPage }) => CalendarPage)),
  },
  {
    key: 'reports',
    path: '/console/reports',
    icon: ChartColumn,
    roles: OFFICE,
    at: 'hq',
    Page: lazy(() => import('../reports/reports-page.tsx').then(({ ReportsPage }) => ReportsPage)),
  },
  {
    key: 'incidents',
    path: '/console/incidents',
    icon: TriangleAlert,
    roles: MANAGERS,
    at: 'everywhere',
    Page: lazy(() => import('../incidents/incidents-page.tsx').then(({ IncidentsPage }) => IncidentsPage)),
  },
];

/** Those that the reader may see. */
export const openSections = (): readonly Section[] => SECTIONS.filter(({ roles }) => mayAnywhere(roles));
