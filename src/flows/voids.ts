import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { AdmissionVoided, VoidDenied } from '../modules/admission/contract.ts';
import type { VoidAsked } from '../modules/booking/contract.ts';
import type { ParkHomeAssigned } from '../modules/nodes/contract.ts';

const isOf = <Event extends { readonly type: string; readonly data: object }>(
  event: Recorded,
  type: Event['type'],
): event is Recorded<Event> => event.type === type;

type Question = Pick<VoidAsked['data'], 'ticketId' | 'parkId' | 'visitDate' | 'places' | 'why' | 'voidId'>;

export type AnswerPorts = {
  readonly answerVoid: (
    question: Omit<Question, 'places'> & { readonly partySize: number; readonly override: boolean },
    meta: CommandMeta,
  ) => Promise<void>;
};

const questionOf = ({ ticketId, parkId, visitDate, places: partySize, why, voidId }: Question) => {
  return { ticketId, parkId, visitDate, partySize, why, override: why === 'override', voidId };
};

/** A park ends a ticket at its gates where headquarters asks to, unless somebody has come in. */
export const createAnswerVoidsFlow = ({ answerVoid }: AnswerPorts): Flow => ({
  name: 'flow.answer-voids',
  eventTypes: ['VoidAsked'],
  runsAt: 'park',
  async handle(event) {
    if (!isOf<VoidAsked>(event, 'VoidAsked')) return;
    const { id: causationId, correlationId } = event.meta;
    await answerVoid(questionOf(event.data), { actor: 'flow:answer-voids', correlationId, causationId });
  },
});

export type InheritPorts = AnswerPorts & {
  readonly openQuestions: (parkId: string) => Promise<readonly Question[]>;
};

/**
 * Headquarters that comes to serve the gates of a node which was revoked answers what it had asked that node itself. A question may be
 * written after the days have changed their home, by whoever looked before: so it is looked at again where it is heard.
 */
export const createInheritVoidsFlow = ({ openQuestions, answerVoid }: InheritPorts): Flow => ({
  name: 'flow.inherit-voids',
  eventTypes: ['ParkHomeAssigned', 'VoidAsked'],
  async handle(event) {
    const { id: causationId, correlationId } = event.meta;
    const context = { actor: 'flow:inherit-voids', correlationId, causationId };
    if (isOf<VoidAsked>(event, 'VoidAsked')) await answerVoid(questionOf(event.data), context);
    if (!isOf<ParkHomeAssigned>(event, 'ParkHomeAssigned')) return;
    for (const asked of await openQuestions(event.data.parkId)) await answerVoid(questionOf(asked), context);
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
