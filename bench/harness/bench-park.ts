import type { App } from '../../src/main/compose.ts';

export const PARK_ID = 'bench-park';
/** Places of a day: the most a park may have, and more than one round can sell. */
export const PLACES = 100_000;

const CHILD_TYIYN = 35_000n;

type Park = { readonly parkId?: string; readonly capacity?: number; readonly free?: true };

/** Opens a park of the largest size. @param free visits cost nothing, so that tickets are active at once */
export async function openBenchPark(app: App, { parkId = PARK_ID, capacity = PLACES, free }: Park = {}): Promise<void> {
  const name = { ru: 'Bench', ky: 'Bench', en: 'Bench' };
  const opened = await app.modules.park.openPark(
    {
      parkId,
      names: name,
      addresses: name,
      capacity,
      priceUnder3Tyiyn: free === true ? 0n : 15_000n,
      priceOver3Tyiyn: free === true ? 0n : CHILD_TYIYN,
      priceAdultTyiyn: 0n,
      groupPercent: 10,
      openTime: '00:00',
      closeTime: '23:59',
      timeZone: 'Asia/Bishkek',
      latitudeE7: 428_212_000,
      longitudeE7: 745_973_000,
      amenities: [],
      images: [],
    },
    { actor: 'system', correlationId: 'bench' },
  );
  if (!opened.ok) throw new Error(`the park was refused: ${opened.refusal.code}`);
}

export type SignedIn = { readonly token: string; readonly userId: string };

type Answer = { readonly access_token: string; readonly user: { readonly id: string } };

async function signInOne(port: number, index: number): Promise<SignedIn> {
  const body = { phone: `+996555${String(100_000 + index)}`, password: `a long password ${index}`, name: 'Айгүл' };
  const post = (path: string, json: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${port}/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(json),
    });
  const answer = await post('register', body);
  if (answer.status !== 201) throw new Error(`a guest was not registered: ${await answer.text()}`);
  const { access_token: token, user } = (await answer.json()) as Answer;
  // Nobody pays before the number is verified; in a demonstration every code is 000000.
  const { phone } = body;
  await post('otp', { phone, purpose: 'verify' });
  const shown = { phone, purpose: 'verify', code: '000000' };
  const verified = await post('otp/verify', shown, { authorization: `Bearer ${token}` });
  if (verified.status !== 200) throw new Error(`a number was not verified: ${await verified.text()}`);
  return { token, userId: user.id };
}

/** How many sign in at once: each costs a hash of its password, and beyond a bound they are refused. */
const AT_ONCE = 16;

/** Registers guests; answers their access tokens, which live ten minutes. */
export async function signIn(port: number, count: number): Promise<readonly SignedIn[]> {
  const guests: SignedIn[] = [];
  while (guests.length < count) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - guests.length) }, (_, at) => guests.length + at);
    guests.push(...(await Promise.all(indexes.map((index) => signInOne(port, index)))));
  }
  return guests;
}
