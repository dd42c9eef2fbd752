import { formatSom, trustedSom } from '../../kernel/money.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type {
  EntryLimitExceeded,
  EntryLimitOverridden,
  PeopleAdmitted,
  PeopleAdmittedInExcess,
  PeopleExited,
} from '../../modules/admission/domain/admission-messages.ts';
import type { TicketActivated, TicketCancelled } from '../../modules/booking/contract.ts';
import type { TicketHeld } from '../../modules/booking/domain/ticket-messages.ts';
import type { PointsEvent } from '../../modules/loyalty/domain/points-messages.ts';
import type { PaymentMismatched, PaymentSucceeded, RefundSucceeded } from '../../modules/payment/contract.ts';
import type { PaymentIntended } from '../../modules/payment/domain/payment-messages.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

const SUMS = statement(
  'check.report-sums',
  `select kind || ' ' || coalesce(park_id, '') || ' ' || coalesce(method, '') as name, count(*)::integer as facts,
     sum(people)::integer as people, sum(points)::integer as points, sum(amount)::decimal(14, 2) as amount
   from office.report_facts group by kind, park_id, method`,
);

/** What a report can add up. */
type Sums = { readonly facts: number; readonly people: number; readonly points: number; readonly amountTyiyn: bigint };
type Row = Omit<Sums, 'amountTyiyn'> & { readonly name: string; readonly amount: string };

const nothing: Sums = { facts: 0, people: 0, points: 0, amountTyiyn: 0n };

const textOf = ({ facts, people, points, amountTyiyn }: Sums): string =>
  `${count(facts, 'fact')}, ${people} people, ${points} points, ${formatSom(amountTyiyn)}`;

const KIND_OF_POINTS: Readonly<Record<string, string>> = {
  PointsEarned: 'points_earned',
  PointsReserved: 'points_reserved',
  PointsReturned: 'points_returned',
  PointsReversed: 'points_reversed',
  PointsLapsed: 'points_lapsed',
} satisfies Partial<Record<PointsEvent['type'], string>>;

/** The sums of the log, by kind, park and method. */
class Books {
  readonly sums = new Map<string, Sums>();
  readonly #parks = new Map<string, string>();
  readonly #methods = new Map<string, string>();

  see(event: Parameters<Audit['see']>[0]): void {
    if (isOf<TicketHeld>(event, 'TicketHeld')) this.#parks.set(event.data.ticketId, event.data.parkId);
    else if (isOf<PaymentIntended>(event, 'PaymentIntended')) {
      this.#methods.set(event.data.paymentId, event.data.method);
    } else if (isOf<TicketActivated>(event, 'TicketActivated')) {
      this.#add('sold', event.data.parkId, '', { people: event.data.places, amountTyiyn: event.data.paidTyiyn });
    } else if (isOf<TicketCancelled>(event, 'TicketCancelled')) {
      if (event.data.freedFrom === 'held') return;
      this.#add('cancelled', event.data.parkId, '', { people: event.data.places, amountTyiyn: event.data.paidTyiyn });
    } else if (isOf<PaymentSucceeded>(event, 'PaymentSucceeded')) this.#addMoney('paid', event.data);
    else if (isOf<RefundSucceeded>(event, 'RefundSucceeded')) this.#addMoney('refunded', event.data);
    else if (isOf<PaymentMismatched>(event, 'PaymentMismatched')) {
      const isMoney = event.data.why !== 'told_differently' && event.data.currency === 'KGS';
      if (isMoney) this.#addMoney('misfit', event.data);
    } else this.#seePeopleAndPoints(event);
  }

  #seePeopleAndPoints(event: Parameters<Audit['see']>[0]): void {
    if (isOf<PeopleAdmitted>(event, 'PeopleAdmitted')) {
      this.#add('admitted', event.data.parkId, '', { people: event.data.people });
    } else if (isOf<PeopleExited>(event, 'PeopleExited')) {
      this.#add('exited', event.data.parkId, '', { people: event.data.people });
    } else if (isOf<PeopleAdmittedInExcess>(event, 'PeopleAdmittedInExcess')) {
      const { parkId, people, cameIn } = event.data;
      this.#add(people === cameIn ? 'excess' : 'excess_too', parkId, '', { people });
    } else if (
      isOf<EntryLimitOverridden>(event, 'EntryLimitOverridden') ||
      isOf<EntryLimitExceeded>(event, 'EntryLimitExceeded')
    ) {
      this.#add('over_limit', event.data.parkId, '', { people: event.data.people });
    } else {
      const kind = KIND_OF_POINTS[event.type];
      const { ticketId, points } = event.data as { readonly ticketId?: string; readonly points: number };
      if (kind !== undefined) this.#add(kind, this.#parks.get(ticketId ?? '') ?? '', '', { points });
    }
  }

  #addMoney(
    kind: string,
    data: { readonly paymentId: string; readonly ticketId: string; readonly amountTyiyn: bigint },
  ) {
    const { paymentId, ticketId, amountTyiyn } = data;
    this.#add(kind, this.#parks.get(ticketId) ?? '', this.#methods.get(paymentId) ?? '', { amountTyiyn });
  }

  #add(kind: string, parkId: string, method: string, more: Partial<Sums>): void {
    const name = `${kind} ${parkId} ${method}`;
    const known = this.sums.get(name) ?? nothing;
    this.sums.set(name, {
      facts: known.facts + 1,
      people: known.people + (more.people ?? 0),
      points: known.points + (more.points ?? 0),
      amountTyiyn: known.amountTyiyn + (more.amountTyiyn ?? 0n),
    });
  }
}

/** What is added up: not how many were booked, nor what became of them unpaid or unused. */
const ADDED_UP: readonly string[] = [
  'sold',
  'cancelled',
  'paid',
  'refunded',
  'misfit',
  'admitted',
  'exited',
  'excess',
  'excess_too',
  'over_limit',
  ...Object.values(KIND_OF_POINTS),
];

/**
 * Reports: what they add up by park and by method of payment (sales, cancellations, money in and out, people, points) are the
 * sums of the log.
 */
export function createReportAudit(): Audit {
  const books = new Books();
  return {
    see: (event) => books.see(event),
    async findings(session) {
      const rows = (await session.rows<Row>(SUMS)).filter(({ name }) => ADDED_UP.includes(name.split(' ')[0] ?? ''));
      const told = new Map(
        rows.map(({ name, amount, ...sums }) => [name, { ...sums, amountTyiyn: trustedSom(amount) }]),
      );
      const faults = [...new Set([...told.keys(), ...books.sums.keys()])].flatMap((name) => {
        const [here, there] = [textOf(told.get(name) ?? nothing), textOf(books.sums.get(name) ?? nothing)];
        return here === there ? [] : [`${name.trim()}: reports add up ${here}, the log ${there}`];
      });
      const sumOf = (kind: string): string => {
        const ofKind = [...told].filter(([name]) => name.startsWith(`${kind} `));
        return formatSom(ofKind.reduce((sum, [, { amountTyiyn }]) => sum + amountTyiyn, 0n));
      };
      const text = `reports: ${sumOf('sold')} sold, ${sumOf('paid')} paid, ${sumOf('refunded')} refunded, as the log says`;
      return [findingOf('reports', text, faults)];
    },
  };
}
