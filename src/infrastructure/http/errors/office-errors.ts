import { entry, type ErrorEntry } from './entry.ts';

/** Refusals about what head office keeps: webhooks, reports, the audit trail. */
export const OFFICE_ERRORS = {
  webhook_not_found: entry(404, 'There is no such webhook', 'Такого вебхука нет', 'Мындай вебхук жок'),
  parked_event_not_found: entry(
    404,
    'No such event is parked',
    'Такого отложенного события нет',
    'Мындай калтырылган окуя жок',
  ),
} satisfies Record<string, ErrorEntry>;
