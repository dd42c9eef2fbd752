import type { Diary, HeldTicket } from './diary.ts';
import type { SimDevice } from './sim-device.ts';
import type { Answer, SimNode } from './sim-node.ts';
import type { Act, Step } from './steps.ts';
import type { ParkId } from './places.ts';
import type { World } from './world.ts';

export type Scene = { readonly world: World; readonly diary: Diary; readonly devices: SimDevice[] };

export type Of<Kind extends Act['kind']> = Extract<Step, { readonly kind: Kind }>;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const parkOf = ({ world }: Scene, parkId: ParkId) => {
  const park = world.parks.find((each) => each.parkId === parkId);
  if (park === undefined) throw new Error(`there is no park ${parkId}`);
  return park;
};

export const nodeOf = (scene: Scene, name: 'hq' | ParkId): SimNode =>
  name === 'hq' ? scene.world.headquarters : parkOf(scene, name).node;

/** Where a park's desk and gates ask: its node, and headquarters once that was revoked. */
export const gatesOf = (scene: Scene, parkId: ParkId): { readonly at: 'hq' | ParkId; readonly node: SimNode } =>
  scene.diary.revoked.has(parkId)
    ? { at: 'hq', node: scene.world.headquarters }
    : { at: parkId, node: parkOf(scene, parkId).node };

export const ticketAt = ({ diary }: Scene, step: number): HeldTicket | undefined =>
  diary.tickets.find((ticket) => ticket.step === step);

/** As a step of the trace: nothing that is drawn anew. */
export const wordOf = ({ status, body }: Answer): string =>
  [status, body['code'] ?? body['status']].filter(Boolean).join(' ');

/** Headquarters has all that the park wrote: whatever becomes of its machine, that is not lost. */
export function noteDrained(scene: Scene, parkId: ParkId): void {
  const { state } = parkOf(scene, parkId).node;
  if (state?.verdict === 'ok' && state.backlog === 0) scene.diary.drainedMs.set(parkId, scene.world.clock.now());
}
