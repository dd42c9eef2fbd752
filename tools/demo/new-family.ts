import { randomBytes, randomInt } from 'node:crypto';
import { answered, bodyOf, codeOf, type Patience } from './answered.ts';
import { Session, type Login } from './session.ts';

/** First digits of mobile numbers of Kyrgyzstan. */
const PREFIXES = ['500', '550', '555', '700', '705', '707', '770', '772', '775', '779', '990', '995'];
const MOST_NUMBERS = 20;

function newLogin(): Login {
  const prefix = PREFIXES[randomInt(PREFIXES.length)] ?? '555';
  const number = String(randomInt(1_000_000)).padStart(6, '0');
  return { phone: `+996${prefix}${number}`, password: randomBytes(12).toString('base64url') };
}

export type NewFamily = { readonly userId: string; readonly login: Login; readonly session: Session };

/**
 * Registers under a number nobody has yet. A registration that was repeated may find its own first try: then the number is
 * taken, and its password lets us in.
 */
export async function registerFamily(baseUrl: string, patience: Patience): Promise<NewFamily> {
  for (let tries = 0; tries < MOST_NUMBERS; tries += 1) {
    const login = newLogin();
    const session = new Session(baseUrl, login, patience);
    const answer = await answered('register', patience, (signal) =>
      session.client.POST('/api/v1/auth/register', {
        body: { ...login, name: 'Айгүл Асанова', language: 'ky' },
        signal,
      }),
    );
    if (codeOf(answer.error) !== 'phone_taken') {
      return { userId: bodyOf('register', 201, answer).user.id, login, session };
    }
    const known = answer.repeated ? await session.trySignIn() : null;
    if (known?.data !== undefined) return { userId: known.data.user.id, login, session };
  }
  throw new Error(`${MOST_NUMBERS} random phone numbers were all taken`);
}
