import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { AdmissionVoided, VoidDenied } from '../modules/admission/contract.ts';
import type { VoidAsked, WhyCancelled } from '../modules/booking/contract.ts';

const isOf = <Event extends { readonly type: string; readonly data: object }>(
  event: Recorded,
  type: Event['type'],
): event is Recorded<Event> => event.type === type;

export type AnswerPorts = {
  readonly answerVoid: (
    question: {
      readonly ticketId: string;
      readonly parkId: string;
      readonly visitDate: string;
      readonly partySize: number;
      readonly why: WhyCancelled;
      readonly override: boolean;
      readonly voidId: string;
    },
    meta: CommandMeta,
  ) => Promise<void>;
};

/** A park ends a ticket at its gates where headquarters asks to, unless somebody has come in. */
export const createAnswerVoidsFlow = ({ answerVoid }: AnswerPorts): Flow => ({
  name: 'flow.answer-voids',
  eventTypes: ['VoidAsked'],
  runsAt: 'park',
  async handle(event) {
    if (!isOf<VoidAsked>(event, 'VoidAsked')) return;
    const { ticketId, parkId, visitDate, places: partySize, why, voidId } = event.data;
    const { id: causationId, correlationId } = event.meta;
    await answerVoid(
      { ticketId, parkId, visitDate, partySize, why, override: why === 'override', voidId },
      { actor: 'flow:answer-voids', correlationId, causationId },
    );
  },
});

export type FinishPorts = {
  readonly finishVoid: (
    answer: {
      readonly ticketId: string;
      readonly voidId: string;
      readonly denied: { readonly entered: number } | null;
    },
    meta: CommandMeta,
  ) => Promise<void>;
};

/** Headquarters cancels a ticket once the park's gates have ended it; only then its places are free and its money goes back. */
export const createFinishVoidsFlow = ({ finishVoid }: FinishPorts): Flow => ({
  name: 'flow.finish-voids',
  eventTypes: ['AdmissionVoided', 'VoidDenied'],
  async handle(event) {
    const { id: causationId, correlationId } = event.meta;
    const context = { actor: 'flow:finish-voids', correlationId, causationId };
    if (isOf<VoidDenied>(event, 'VoidDenied')) {
      const { ticketId, voidId, entered } = event.data;
      await finishVoid({ ticketId, voidId, denied: { entered } }, context);
    } else if (isOf<AdmissionVoided>(event, 'AdmissionVoided')) {
      const { ticketId, voidId } = event.data;
      if (voidId !== undefined) await finishVoid({ ticketId, voidId, denied: null }, context);
    }
  },
});
