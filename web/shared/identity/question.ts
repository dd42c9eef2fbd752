import { signal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';

export type FactorAsked = components['schemas']['SecondFactorAsked'];
export type SignedIn = components['schemas']['SignedIn'];

/** What somebody is asked before the page goes on, and who waits for it; nothing comes when they close the question. */
export type Question =
  | {
      readonly kind: 'sign_in';
      readonly asked: FactorAsked;
      readonly answer: (signedIn: SignedIn | null) => void;
    }
  | { readonly kind: 'prove'; readonly answer: (isProven: boolean) => void };

/** The question that is on the screen. */
export const question = signal<Question | null>(null);

/** Whether a node refused a duty because its holder has no second factor yet. */
export const isFactorMissing = signal(false);

/** Asks for the second factor of somebody who has shown the first; null when they closed the question. */
export const askForFactor = (asked: FactorAsked): Promise<SignedIn | null> =>
  new Promise((resolve) => (question.value = { kind: 'sign_in', asked, answer: resolve }));

let proving: Promise<boolean> | null = null;

/** Asks whoever is signed in to show once more that it is them; requests that need it at the same moment share the question. */
export function askForProof(): Promise<boolean> {
  proving ??= new Promise<boolean>((resolve) => (question.value = { kind: 'prove', answer: resolve })).finally(
    () => (proving = null),
  );
  return proving;
}

/** The tokens of a sign-in, after the second factor where one is asked for; null when its owner gave up. */
export const signedInBy = <Body extends object>(
  answer: Body | FactorAsked,
): Promise<Exclude<Body, FactorAsked> | SignedIn | null> =>
  'challenge' in answer ? askForFactor(answer) : Promise.resolve(answer as Exclude<Body, FactorAsked>);
