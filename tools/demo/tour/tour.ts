import { randomUUID } from 'node:crypto';
import type { SkyParkClient } from '../../../clients/typescript/client.ts';
import { bodyOf, codeOf, DemoFailure, type Answer, type Patience } from '../answered.ts';
import { newVerifiedFamily, registerFamily } from '../new-family.ts';
import type { Login, Session } from '../session.ts';

/** How long the product may take to do what follows by itself: learn of a payment, offer a place, send a message. */
export const FOLLOW_MS = 60_000;

export type Guest = { readonly userId: string; readonly login: Login; readonly session: Session };

/** Parks made for one tour, so that it disturbs nobody and can be taken again on the same data. */
export type TourParks = {
  /** Never closed; lets people out and in again the same day. */
  readonly roomy: string;
  /** Room for two. */
  readonly tiny: string;
  /** The day on which both let in now. */
  readonly today: string;
};

export type Tour = {
  readonly baseUrl: string;
  readonly patience: Patience;
  readonly admin: Session;
  readonly parks: TourParks;
  /** Does one capability and tells its name; a failure is told under that name. */
  readonly step: Step;
};

export type Step = <Made>(title: string, work: () => Promise<Made>) => Promise<Made>;

export type StepBook = { readonly stepsOf: (area: string) => Step; count(): number };

/** Tells each step in a line, and counts them. */
export function createSteps(print: (line: string) => void): StepBook {
  let done = 0;
  return {
    count: () => done,
    stepsOf: (area) => async (title, work) => {
      try {
        const made = await work();
        done += 1;
        print(`${area.padEnd(10)} ${title}`);
        return made;
      } catch (error) {
        const why = error instanceof DemoFailure ? error.message : String(error instanceof Error ? error.stack : error);
        throw new DemoFailure(`${area}: ${title}: ${why}`);
      }
    },
  };
}

export const newKey = () => ({ 'Idempotency-Key': randomUUID() });

type Call<Good> = (client: SkyParkClient) => Promise<Good>;

/** The body of an answer that must have this status. */
export async function ask<Body>(
  who: Session,
  status: number,
  call: Call<Answer & { readonly data?: Body }>,
): Promise<Body> {
  return bodyOf('answer', status, await who.call('call', call));
}

/** The body with the ETag to edit it by. */
export async function askTagged<Body>(
  who: Session,
  call: Call<Answer & { readonly data?: Body }>,
): Promise<{ readonly body: Body; readonly etag: string }> {
  const answer = await who.call('call', call);
  return { body: bodyOf('answer', 200, answer), etag: answer.response.headers.get('etag') ?? '' };
}

/** A call whose answer has no body. */
export async function tell(who: Session, status: number, call: Call<Answer>): Promise<void> {
  expectRefusal(await who.call('call', call), status, null);
}

/** A call that must be refused for this reason. */
export async function refused(who: Session, status: number, code: string, call: Call<Answer>): Promise<void> {
  expectRefusal(await who.call('call', call), status, code);
}

export function expectRefusal({ error, response }: Answer, status: number, code: string | null): void {
  if (response.status === status && (code === null || codeOf(error) === code)) return;
  throw new DemoFailure(`expected ${status} ${code ?? ''}, got ${response.status} ${JSON.stringify(error ?? null)}`);
}

export async function newGuest({ baseUrl, patience }: Pick<Tour, 'baseUrl' | 'patience'>): Promise<Guest> {
  const guest = await registerFamily(baseUrl, patience);
  await guest.session.signIn();
  return guest;
}

/** A guest who may pay: the number is verified. */
export const newBuyer = ({ baseUrl, patience }: Pick<Tour, 'baseUrl' | 'patience'>): Promise<Guest> =>
  newVerifiedFamily(baseUrl, patience);

/** The date so many days after another. */
export const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
