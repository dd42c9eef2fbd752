import { CardsAnswer, MOST_CARDS } from '../protocol/cards.ts';
import { createAsk, proven, type Asked } from './ask.ts';
import type { ParkTools } from './ports.ts';

const askCards = createAsk(CardsAnswer);

/** Reads who works here and whom the gates look for, until no card is missing that headquarters has. */
export async function fetchCards(
  { post, secret, cards }: Pick<ParkTools, 'post' | 'secret' | 'cards'>,
  talk: { readonly token: string; readonly publicKey: string },
  stopping: AbortSignal,
): Promise<Asked<null>> {
  for (let before = ''; !stopping.aborted;) {
    const tickets = await cards.missing(MOST_CARDS);
    const nonce = secret(16);
    const asked = await askCards(post, '/cards', { nonce, tickets }, talk.token);
    const answered = await proven(asked, { kind: 'cards', publicKey: talk.publicKey, nonce });
    if (answered.kind !== 'answer') return answered;
    const { staff, gateCards } = answered.answer;
    await cards.keepStaff(staff);
    await cards.keepGateCards(gateCards);
    // Of what headquarters knows nothing either there is nothing to wait for.
    if (tickets.length < MOST_CARDS || tickets.join() === before) break;
    before = tickets.join();
  }
  return { kind: 'answer', answer: null };
}
