import type { VoidDenied } from '../../modules/admission/contract.ts';
import type {
  TicketCancelled,
  TicketLeftDay,
  TicketMoved,
  TicketMoveUndone,
  TicketVoidDenied,
  VoidAsked,
} from '../../modules/booking/contract.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

type Told = Parameters<Audit['see']>[0];

/** What the log says about questions to the gates of other nodes. */
class Questions {
  asked = 0;
  /** By ticket, the question about its end that is open. */
  readonly #open = new Map<string, string>();
  /** By ticket, the question about the day it has left that is open. */
  readonly #leaving = new Map<string, string>();
  /** Questions that ended a ticket, or a day of one, as if nobody had come in. */
  readonly #ended = new Map<string, { readonly ticketId: string; readonly as: 'was cancelled' | 'left a day' }>();
  /** Questions that gates denied, and how many had come in. */
  readonly #denied = new Map<string, number>();

  see(event: Told): void {
    if (isOf<VoidAsked>(event, 'VoidAsked')) this.#ask(event.data);
    else if (isOf<TicketVoidDenied>(event, 'TicketVoidDenied')) this.#open.delete(event.data.ticketId);
    else if (isOf<VoidDenied>(event, 'VoidDenied')) this.#denied.set(event.data.voidId, event.data.entered);
    else if (isOf<TicketCancelled>(event, 'TicketCancelled')) {
      const { ticketId } = event.data;
      const voidId = this.#open.get(ticketId);
      if (voidId !== undefined) this.#ended.set(voidId, { ticketId, as: 'was cancelled' });
      this.#open.delete(ticketId);
      this.#leaving.delete(ticketId);
    } else this.#seeMove(event);
  }

  #ask({ ticketId, voidId, why }: VoidAsked['data']): void {
    this.asked += 1;
    if (why !== 'moved') this.#open.set(ticketId, voidId);
  }

  #seeMove(event: Told): void {
    if (isOf<TicketMoved>(event, 'TicketMoved')) {
      const { ticketId, leaving } = event.data;
      if (leaving !== null) this.#leaving.set(ticketId, leaving.voidId);
    } else if (isOf<TicketMoveUndone>(event, 'TicketMoveUndone')) this.#leaving.delete(event.data.ticketId);
    else if (isOf<TicketLeftDay>(event, 'TicketLeftDay')) {
      const { ticketId, voidId } = event.data;
      this.#ended.set(voidId, { ticketId, as: 'left a day' });
      this.#leaving.delete(ticketId);
    }
  }

  get denied(): number {
    return this.#denied.size;
  }

  /** Cancellations that wait for the gates. */
  get ending(): number {
    return this.#open.size;
  }

  /** Moves that wait for the gates of the old day. */
  get leaving(): number {
    return this.#leaving.size;
  }

  faults(): readonly string[] {
    return [...this.#denied].flatMap(([voidId, entered]) => {
      const ended = this.#ended.get(voidId);
      return ended === undefined
        ? []
        : [`ticket ${ended.ticketId} ${ended.as}, and its gates had let in ${count(entered, 'person', 'people')}`];
    });
  }
}

/**
 * The gates say first, then money goes back: no ticket is cancelled, and none leaves a day, by a question that its gates denied, however late
 * they did. What gates have not answered yet is in progress.
 */
export function createVoidAudit(): Audit {
  const questions = new Questions();
  return {
    see: (event) => questions.see(event),
    async findings() {
      const { asked, denied, ending, leaving } = questions;
      const text = [
        `${count(asked, 'ticket')} asked of the gates of other nodes`,
        `${denied} denied`,
        ...(ending === 0 ? [] : [`${count(ending, 'cancellation')} waiting`]),
        ...(leaving === 0 ? [] : [`${count(leaving, 'move')} waiting`]),
      ].join(', ');
      return [{ ...findingOf('voids', text, questions.faults()), inProgress: ending + leaving > 0 }];
    },
  };
}
