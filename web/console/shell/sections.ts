import {
  Banknote,
  CalendarDays,
  ChartColumn,
  House,
  Scale,
  ScrollText,
  Server,
  Settings,
  Star,
  Ticket,
  TicketPercent,
  TriangleAlert,
  Users,
  Webhook,
  type IconNode,
} from 'lucide';
import { lazy } from 'preact-iso';
import { ADMINS, FINANCE, mayAnywhere, MANAGERS, OFFICE, type Role } from '../session/staff.ts';
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
    key: 'incidents',
    path: '/console/incidents',
    icon: TriangleAlert,
    roles: MANAGERS,
    at: 'everywhere',
    Page: lazy(() => import('../incidents/incidents-page.tsx').then(({ IncidentsPage }) => IncidentsPage)),
  },
  {
    key: 'tickets',
    path: '/console/tickets',
    icon: Ticket,
    roles: MANAGERS,
    at: 'hq',
    Page: lazy(() => import('../tickets/tickets-page.tsx').then(({ TicketsPage }) => TicketsPage)),
  },
  {
    key: 'payments',
    path: '/console/payments',
    icon: Banknote,
    roles: OFFICE,
    at: 'hq',
    Page: lazy(() => import('../payments/payments-page.tsx').then(({ PaymentsPage }) => PaymentsPage)),
  },
  {
    key: 'reconciliation',
    path: '/console/reconciliation',
    icon: Scale,
    roles: FINANCE,
    at: 'hq',
    Page: lazy(() =>
      import('../reconciliation/reconciliation-page.tsx').then(({ ReconciliationPage }) => ReconciliationPage),
    ),
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
    key: 'parks',
    path: '/console/park',
    icon: Settings,
    roles: MANAGERS,
    at: 'hq',
    Page: lazy(() => import('../parks/parks-page.tsx').then(({ ParksPage }) => ParksPage)),
  },
  {
    key: 'nodes',
    path: '/console/nodes',
    icon: Server,
    roles: MANAGERS,
    at: 'everywhere',
    Page: lazy(() => import('../nodes/nodes-page.tsx').then(({ NodesPage }) => NodesPage)),
  },
  {
    key: 'promo',
    path: '/console/promo-codes',
    icon: TicketPercent,
    roles: MANAGERS,
    at: 'hq',
    Page: lazy(() => import('../promo/promo-page.tsx').then(({ PromoPage }) => PromoPage)),
  },
  {
    key: 'loyalty',
    path: '/console/loyalty',
    icon: Star,
    roles: OFFICE,
    at: 'hq',
    Page: lazy(() => import('../loyalty/loyalty-page.tsx').then(({ LoyaltyPage }) => LoyaltyPage)),
  },
  {
    key: 'staff',
    path: '/console/staff',
    icon: Users,
    roles: ADMINS,
    at: 'hq',
    Page: lazy(() => import('../staff/staff-page.tsx').then(({ StaffPage }) => StaffPage)),
  },
  {
    key: 'webhooks',
    path: '/console/webhooks',
    icon: Webhook,
    roles: ADMINS,
    at: 'hq',
    Page: lazy(() => import('../webhooks/webhooks-page.tsx').then(({ WebhooksPage }) => WebhooksPage)),
  },
  {
    key: 'audit',
    path: '/console/audit',
    icon: ScrollText,
    roles: MANAGERS,
    at: 'hq',
    Page: lazy(() => import('../audit/audit-page.tsx').then(({ AuditPage }) => AuditPage)),
  },
];

/** Those that the reader may see. */
export const openSections = (): readonly Section[] => SECTIONS.filter(({ roles }) => mayAnywhere(roles));
