import type { Caller } from './caller.ts';
import { reach, type HeldStaff } from './diary.ts';
import { textOf, wordOf, type Of, type Scene } from './scene.ts';
import type { Answer, SimNode } from './sim-node.ts';
import type { ParkId } from './places.ts';

type Gates = { readonly at: 'hq' | ParkId; readonly node: SimNode };

const META = { actor: 'system', correlationId: 'simulation' } as const;
/** What nobody who works there is answered. */
const TURNED_AWAY: ReadonlySet<number> = new Set([401, 403, 404]);

const staffAt = ({ diary }: Scene, step: number): HeldStaff | undefined =>
  diary.staff.find((person) => person.step === step);

/** An account with a proven number and a role, as an admin of the chain makes it. */
export async function hire({ world, diary }: Scene, { id, park, role }: Of<'hire'>): Promise<string> {
  const { headquarters, people, clock } = world;
  if (!headquarters.isRunning || headquarters.isDiskFull) return 'not now';
  const [phone, password] = [`+99655502${String(1000 + (id % 9000))}`, `the word of number ${id}`];
  const { auth } = headquarters.app.modules;
  const asked = { phone, password, name: 'Nurlan', email: null, language: 'ru', correlationId: 'simulation' } as const;
  const registered = await auth.register(asked);
  if (!registered.ok) return registered.refusal.code;
  const { userId } = registered.value.account;
  await auth.vouchForPhone(userId, META);
  const body = { roles: [{ role, park_id: park }] };
  const answer = await headquarters.call(people.head, 'PUT', `/admin/users/${userId}/roles`, body);
  const told = { at: 'hq', atMs: clock.now(), isLost: false } as const;
  const state = { dismissedAtMs: null, heardAtMs: null, token: null };
  if (answer.status === 200) diary.staff.push({ ...told, step: id, userId, phone, password, parkId: park, ...state });
  return wordOf(answer);
}

/** They have no role any more; at headquarters from now on, at their park once it has heard. */
export async function dismiss(scene: Scene, { staff: step }: Of<'dismiss'>): Promise<string> {
  const { headquarters, people, clock } = scene.world;
  const person = staffAt(scene, step);
  if (person === undefined) return 'nobody';
  const answer = await headquarters.call(people.head, 'PUT', `/admin/users/${person.userId}/roles`, { roles: [] });
  if (answer.status === 200) person.dismissedAtMs ??= clock.now();
  return wordOf(answer);
}

/** The node of a park has heard from headquarters who works there. */
export function noteHeard({ world, diary }: Scene, parkId: ParkId): void {
  for (const person of diary.staff) {
    if (person.parkId === parkId && person.dismissedAtMs !== null) person.heardAtMs ??= world.clock.now();
  }
}

/** Signs in where the last token is of another node, or is none any more. @returns the words of the node where it does not let them in */
export async function callerOf(scene: Scene, step: number, { at, node }: Gates): Promise<Caller | string> {
  const person = staffAt(scene, step);
  if (person === undefined) return 'nobody';
  if (person.token?.at === at) return person.token;
  const { phone, password } = person;
  const answer = await node.call({ credential: '' }, 'POST', '/auth/login', { phone, password });
  const credential = textOf(answer.body['access_token']);
  if (credential === '') return `sign in: ${wordOf(answer)}`;
  person.token = { at, credential };
  return person.token;
}

/** Rule 6: whoever was dismissed does nothing more once the news is there; until then a park takes what they do. */
export function noteTaken(scene: Scene, step: number, { at, node }: Gates, { status }: Answer): void {
  const person = staffAt(scene, step);
  if (person === undefined) return;
  const isTaken = !TURNED_AWAY.has(status) && status < 500;
  // The token may have come to its end: the next time they sign in anew.
  if (!isTaken) person.token = null;
  const isKnown = person.dismissedAtMs !== null && (at === 'hq' || person.heardAtMs !== null);
  const when =
    person.dismissedAtMs === null ? 'staff' : isKnown ? 'dismissed staff' : 'staff whose dismissal is not heard of';
  reach(scene.diary, `${when}: ${isTaken ? 'taken' : 'turned away'}`);
  if (isTaken && isKnown) node.troubles.push(`whoever was dismissed did something, answered ${status}`);
}
