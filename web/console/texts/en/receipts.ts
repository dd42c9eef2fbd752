import { counted } from '../../../shared/i18n/count.ts';
import type { AppTexts } from '../app-texts.ts';

export const receipts: AppTexts['receipts'] = {
  title: 'Fiscal receipts',
  lead: 'A receipt for each payment and each refund. The register issues them by itself; here is what got stuck.',
  status: 'Status',
  statuses: {
    overdue: 'late',
    pending: 'being issued',
    issued: 'issued',
    no_register: 'no register',
    none_required: 'none needed',
  },
  kinds: {
    sale: 'sale',
    return: 'return',
  },
  noneOverdue: 'Nothing is late.',
  none: 'There are no such receipts.',
  when: 'When',
  park: 'Park',
  kind: 'Kind',
  sum: 'Sum',
  document: 'Document',
  show: 'show',
  todo: 'Actions',
  attempts: (count) => counted('en', count, { one: 'try', other: 'tries' }),
  retry: 'Issue now',
  retried: 'The receipt will be issued',
};
