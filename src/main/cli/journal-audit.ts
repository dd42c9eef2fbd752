import type { TicketActivated } from '../../modules/booking/contract.ts';
import type { TicketHeld } from '../../modules/booking/domain/ticket-messages.ts';
import type { PeopleAdmitted } from '../../modules/admission/domain/admission-messages.ts';
import type { PointsEarned } from '../../modules/loyalty/domain/points-messages.ts';
import type { PaymentSucceeded } from '../../modules/payment/contract.ts';
import type { PaymentIntended } from '../../modules/payment/domain/payment-messages.ts';
import type { ChildAdded, UserRegistered } from '../../modules/user/domain/user-messages.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';
import type { Fact } from './journal-facts.ts';

function add(sums: Map<string, number>, key: string, number: number): void {
  sums.set(key, (sums.get(key) ?? 0) + number);
}

/** What the log knows of the things that journals speak of. */
class Known {
  readonly #users = new Set<string>();
  readonly #children = new Map<string, string>();
  readonly #tickets = new Map<string, string>();
  readonly #payments = new Map<string, string>();
  readonly #succeeded = new Set<string>();
  readonly #active = new Set<string>();
  readonly #scans = new Map<string, { readonly ticketId: string; readonly people: number }>();
  readonly #points = new Map<string, number>();
  /** By guest. */
  readonly #bought = new Map<string, number>();
  readonly #paid = new Map<string, number>();

  see(event: Parameters<Audit['see']>[0]): void {
    if (isOf<UserRegistered>(event, 'UserRegistered')) this.#users.add(event.data.userId);
    else if (isOf<ChildAdded>(event, 'ChildAdded')) this.#children.set(event.data.childId, event.data.userId);
    else if (isOf<TicketHeld>(event, 'TicketHeld')) {
      const { ticketId, userId } = event.data;
      if (userId === null) return;
      this.#tickets.set(ticketId, userId);
      add(this.#bought, userId, 1);
    } else if (isOf<PaymentIntended>(event, 'PaymentIntended')) {
      this.#payments.set(event.data.paymentId, event.data.ticketId);
    } else if (isOf<PaymentSucceeded>(event, 'PaymentSucceeded')) {
      this.#succeeded.add(event.data.paymentId);
      if (event.data.userId !== null) add(this.#paid, event.data.userId, 1);
    } else if (isOf<TicketActivated>(event, 'TicketActivated')) this.#active.add(event.data.ticketId);
    else if (isOf<PeopleAdmitted>(event, 'PeopleAdmitted')) this.#scans.set(event.data.scanId, event.data);
    else if (isOf<PointsEarned>(event, 'PointsEarned')) add(this.#points, event.data.userId, event.data.points);
  }

  /** Why a fact cannot be true; null when it is. */
  faultOf(fact: Fact): string | null {
    switch (fact.fact) {
      case 'registered':
        return this.#users.has(fact.userId) ? null : 'there is no such account';
      case 'child':
        return this.#children.get(fact.childId) === fact.userId ? null : 'there is no such child';
      case 'ticket':
        return this.#tickets.get(fact.ticketId) === fact.userId ? null : 'there is no such ticket';
      case 'payment':
        return this.#payments.get(fact.paymentId) === fact.ticketId ? null : 'there is no such payment';
      case 'paid':
        return this.#succeeded.has(fact.paymentId) ? null : 'the money has not come';
      case 'active':
        return this.#active.has(fact.ticketId) ? null : 'the ticket is not active';
      case 'admitted': {
        const scan = this.#scans.get(fact.scanId);
        return scan?.ticketId === fact.ticketId && scan.people === fact.people ? null : 'nobody was admitted so';
      }
      case 'points':
        return (this.#points.get(fact.userId) ?? 0) >= fact.points ? null : 'the points are not there';
      case 'finished':
        return this.#twiceFault(fact.userId);
    }
  }

  #twiceFault(userId: string): string | null {
    const [tickets, payments] = [this.#bought.get(userId) ?? 0, this.#paid.get(userId) ?? 0];
    return tickets === 1 && payments === 1 ? null : `wanted one ticket, has ${tickets}, and paid ${payments} times`;
  }
}

/** Rule 3, nothing acknowledged is lost: every fact of a journal is in the log, and nobody bought twice. */
export function createJournalAudit(facts: readonly Fact[]): Audit {
  const known = new Known();
  return {
    see: (event) => known.see(event),
    async findings() {
      const faults = facts.flatMap((fact) => {
        const fault = known.faultOf(fact);
        return fault === null ? [] : [`${JSON.stringify(fact)}: ${fault}`];
      });
      const finished = facts.filter(({ fact }) => fact === 'finished').length;
      const text = `journal: ${count(facts.length, 'acknowledged fact')} of ${count(finished, 'finished family', 'finished families')}`;
      return [findingOf('rule 3', faults.length === 0 ? `${text}, all in the log` : text, faults)];
    },
  };
}
