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
  statement_not_found: entry(404, 'There is no such statement', 'Такой выписки нет', 'Мындай көчүрмө жок'),
  difference_not_found: entry(404, 'There is no such difference', 'Такого расхождения нет', 'Мындай айырма жок'),
  difference_resolved: entry(
    409,
    'The difference was resolved in another way',
    'Расхождение уже закрыто иначе',
    'Айырма башкача чечилген',
  ),
} satisfies Record<string, ErrorEntry>;
