import type { VoidDenied } from '../../modules/admission/contract.ts';
import type { TicketCancelled, TicketVoidDenied, VoidAsked } from '../../modules/booking/contract.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

/** What the log says about questions to the gates of other nodes. */
class Questions {
  asked = 0;
  /** By ticket, the question that is open. */
  readonly #open = new Map<string, string>();
  /** Questions that a cancellation ended, and its ticket. */
  readonly #cancelled = new Map<string, string>();
  /** Questions that gates denied, and how many had come in. */
  readonly #denied = new Map<string, number>();

  see(event: Parameters<Audit['see']>[0]): void {
    if (isOf<VoidAsked>(event, 'VoidAsked')) {
      this.asked += 1;
      this.#open.set(event.data.ticketId, event.data.voidId);
    } else if (isOf<TicketVoidDenied>(event, 'TicketVoidDenied')) this.#open.delete(event.data.ticketId);
    else if (isOf<VoidDenied>(event, 'VoidDenied')) this.#denied.set(event.data.voidId, event.data.entered);
    else if (isOf<TicketCancelled>(event, 'TicketCancelled')) {
      const voidId = this.#open.get(event.data.ticketId);
      if (voidId !== undefined) this.#cancelled.set(voidId, event.data.ticketId);
    }
  }

  get denied(): number {
    return this.#denied.size;
  }

  faults(): readonly string[] {
    return [...this.#denied].flatMap(([voidId, entered]) => {
      const ticketId = this.#cancelled.get(voidId);
      return ticketId === undefined
        ? []
        : [`ticket ${ticketId} was cancelled, and its gates had let in ${count(entered, 'person', 'people')}`];
    });
  }
}

/** The gates say first, then money goes back: no ticket is cancelled by a question that its gates denied, however late they did. */
export function createVoidAudit(): Audit {
  const questions = new Questions();
  return {
    see: (event) => questions.see(event),
    async findings() {
      const text = `${count(questions.asked, 'ticket')} asked of the gates of other nodes, ${questions.denied} denied`;
      return [findingOf('voids', text, questions.faults())];
    },
  };
}
