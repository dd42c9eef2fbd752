import { randomBytes, randomInt } from 'node:crypto';
import { admitted, answered, bodyOf, codeOf, DemoFailure, type Patience } from './answered.ts';
import { Session, type Login } from './session.ts';

/** First digits of mobile numbers of Kyrgyzstan. */
const PREFIXES = ['500', '550', '555', '700', '705', '707', '770', '772', '775', '779', '990', '995'];
const MOST_NUMBERS = 20;
/** How often a code is asked for again; five an hour are allowed. */
const MOST_CODES = 4;

function newLogin(): Login {
  const prefix = PREFIXES[randomInt(PREFIXES.length)] ?? '555';
  const number = String(randomInt(1_000_000)).padStart(6, '0');
  return { phone: `+996${prefix}${number}`, password: randomBytes(12).toString('base64url') };
}

export type NewFamily = { readonly userId: string; readonly login: Login; readonly session: Session };

/** What every code is in a demonstration. */
const DEMO_CODE = '000000';

/** Verifies the number of a new account. A code that a lost answer used up is asked for again. */
export async function verifyPhone({ session, login: { phone } }: NewFamily): Promise<void> {
  const body = { phone, purpose: 'verify' } as const;
  for (let tries = 0; ; tries += 1) {
    const asked = await session.call('code', (client, signal) => client.POST('/api/v1/auth/otp', { body, signal }));
    if (asked.response.status !== 202) throw new DemoFailure(`a code was refused with ${asked.response.status}`);
    const shown = await session.call('verify', (client, signal) =>
      client.POST('/api/v1/auth/otp/verify', { body: { ...body, code: DEMO_CODE }, signal }),
    );
    if (codeOf(shown.error) !== 'invalid_code' || tries === MOST_CODES) {
      bodyOf('verify', 200, shown);
      return;
    }
  }
}

/** Opens an account, signed in, whose number is verified. */
export async function newVerifiedFamily(baseUrl: string, patience: Patience): Promise<NewFamily> {
  const family = await registerFamily(baseUrl, patience);
  await family.session.signIn();
  await verifyPhone(family);
  return family;
}

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
    if (known?.data !== undefined) return { userId: admitted(known.data).user.id, login, session };
  }
  throw new Error(`${MOST_NUMBERS} random phone numbers were all taken`);
}
