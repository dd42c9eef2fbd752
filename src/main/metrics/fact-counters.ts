import { Counter, type Registry } from 'prom-client';
import type { NewEvent } from '../../kernel/event-store.ts';

/** Event type → what is counted of it: a fixed word, or the word in one of its fields. */
type Words = Readonly<Record<string, string | { readonly field: string }>>;

type CounterOf = { readonly name: string; readonly help: string; readonly label: string; readonly words: Words };

const COUNTERS: readonly CounterOf[] = [
  {
    name: 'skypark_tickets_total',
    help: 'What became of tickets',
    label: 'outcome',
    words: {
      TicketHeld: 'held',
      TicketHoldExpired: 'hold_expired',
      TicketActivated: 'activated',
      TicketSaleRemembered: 'sale_remembered',
      TicketPaymentRefused: 'payment_refused',
      TicketMoved: 'moved',
      TicketMoveUndone: 'move_undone',
      TicketCancelled: 'cancelled',
      TicketRefunded: 'refunded',
      TicketExpired: 'unused',
    },
  },
  {
    name: 'skypark_payments_begun_total',
    help: 'Payments that guests or desks began, by method',
    label: 'method',
    words: { PaymentIntended: { field: 'method' } },
  },
  {
    name: 'skypark_payments_total',
    help: 'What became of payments',
    label: 'outcome',
    words: {
      PaymentSucceeded: 'succeeded',
      PaymentFailed: 'failed',
      PaymentExpired: 'expired',
      PaymentMismatched: 'mismatched',
      PaymentOutcomeUnknown: 'unknown',
    },
  },
  {
    name: 'skypark_refunds_total',
    help: 'What became of refunds',
    label: 'outcome',
    words: {
      RefundRequested: 'requested',
      RefundSubmitted: 'submitted',
      RefundOutcomeUnknown: 'unknown',
      RefundSucceeded: 'succeeded',
      RefundFailed: 'failed',
    },
  },
  {
    name: 'skypark_fiscal_receipts_total',
    help: 'Fiscal receipts that registers issued, of sales and of returns',
    label: 'kind',
    words: { FiscalReceiptIssued: { field: 'kind' } },
  },
  {
    name: 'skypark_scans_total',
    help: 'Scans at gates by their outcome; a repeated scan counts once',
    label: 'outcome',
    words: {
      PeopleAdmitted: 'admitted',
      PeopleExited: 'exited',
      PeopleAdmittedInExcess: 'admitted_in_excess',
      ScanRefused: { field: 'outcome' },
    },
  },
  {
    name: 'skypark_device_alarms_total',
    help: 'What gate devices told that somebody should look at: more people let in than allowed, two logs, a node that was put back',
    label: 'kind',
    words: { DeviceQuotaExceeded: 'over_quota', DeviceLogForked: 'log_forked', NodeRollbackTold: 'node_rolled_back' },
  },
];

/** Words are written by our own code, so there are few; this is for the day on which somebody puts a text there. */
const WORD = /^[a-z_]{1,40}$/;
const MOST_WORDS = 50;

/**
 * Counts stored events: all of them by type, and some by what they mean to the business. Each process counts what it stored
 * itself, so the sum over processes is what happened.
 */
export function createFactCounters(metrics: Registry): (event: Pick<NewEvent, 'type' | 'data'>) => void {
  const stored = new Counter({
    name: 'skypark_events_stored_total',
    help: 'Events stored in the log, by type',
    labelNames: ['type'],
    registers: [metrics],
  });
  const counts = new Map<string, (event: Pick<NewEvent, 'data'>) => void>();
  for (const { name, help, label, words } of COUNTERS) {
    const counter = new Counter({ name, help, labelNames: [label], registers: [metrics] });
    const known = new Set<string>();
    const count = (word: string): void => {
      const isKnown = known.has(word) || (WORD.test(word) && known.size < MOST_WORDS);
      if (isKnown) known.add(word);
      counter.labels(isKnown ? word : 'other').inc();
    };
    for (const [type, word] of Object.entries(words)) {
      if (typeof word === 'string') counter.labels(word).inc(0);
      counts.set(type, ({ data }) => {
        const said = typeof word === 'string' ? word : data[word.field];
        count(typeof said === 'string' ? said : 'other');
      });
    }
  }
  return (event) => {
    stored.labels(event.type).inc();
    counts.get(event.type)?.(event);
  };
}
