import type { AppTexts } from '../app-texts.ts';

type Frame = Pick<
  AppTexts,
  'sections' | 'shell' | 'signIn' | 'noDuties' | 'needsPark' | 'table' | 'confirm' | 'meanwhile' | 'methods'
>;

export const frame: Frame = {
  sections: {
    today: 'Today',
    calendar: 'Calendar',
    reports: 'Reports',
    incidents: 'Incidents',
    tickets: 'Tickets and guests',
    payments: 'Payments',
    reconciliation: 'Reconciliation',
    parks: 'Park settings',
    nodes: 'Nodes and devices',
    promo: 'Promo codes',
    loyalty: 'Points and tiers',
    staff: 'Staff',
    audit: 'Audit trail',
    webhooks: 'Other systems',
  },
  shell: {
    title: 'Parks',
    allSections: 'All sections',
    mainSections: 'Main sections',
    more: 'More',
    park: 'Park',
    allParks: 'All parks',
    signOut: 'Sign out',
    hqOnly: 'at the office',
    noPageLead: 'There is no such page, or it is not for your role.',
  },
  signIn: {
    title: 'Staff sign-in',
    lead: 'For managers, finance and administrators of the chain.',
    phone: 'Phone',
    phoneHint: 'For example 0555 12 34 56',
    password: 'Password',
    submit: 'Sign in',
  },
  noDuties: {
    title: 'You have no duties here',
    lead: 'The console is for managers, finance and administrators. If you work at a gate, open the gate app. If you should have a role here, ask an administrator for it.',
    toGate: 'Open the gate app',
  },
  needsPark: {
    choose: 'Choose a park:',
    notHere: 'At the chosen park this is not among your duties. Your parks:',
  },
  table: {
    pages: 'Pages of the list',
    page: (number) => `Page ${number}`,
    previous: 'Previous',
    next: 'Next',
    asTable: 'Show as a table',
    when: 'When',
    notSaved: 'The file could not be fetched. Please try again.',
  },
  confirm: {
    reason: 'Reason',
    reasonHint: 'It stays in the audit trail.',
  },
  meanwhile: {
    title: 'Somebody else changed this while you were editing',
    lead: 'What holds now is shown above. If you save again, your values stay.',
    takeNewer: 'Take the newer version',
  },
  methods: {
    elqr: 'ELQR',
    elcard: 'ElCard',
    cash: 'Cash',
    elcard_terminal: 'ElCard, terminal',
  },
};
