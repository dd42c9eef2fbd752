import { reach, reallyInside, type HeldDevice } from './diary.ts';
import { codeOf } from './scan.ts';
import { gatesOf, ticketAt, type Of, type Scene } from './scene.ts';
import { enrolDevice, SimDevice, type Brought } from './sim-device.ts';
import type { ParkId } from './places.ts';
import { dateAt } from './world.ts';

type DeviceStep = Of<'device' | 'device_copied' | 'device_scan' | 'device_talk'>;

const deviceAt = ({ devices }: Scene, step: number): SimDevice | undefined =>
  devices.find(({ held }) => held.step === step);

function hold({ world, diary }: Scene, step: number, of: Pick<HeldDevice, 'deviceId' | 'parkId' | 'at'>): HeldDevice {
  const held = { ...of, step, atMs: world.clock.now(), isLost: false, theft: null, isCopied: false, isForked: false };
  diary.devices.push(held);
  return held;
}

async function enrol(scene: Scene, { id, park }: Of<'device'>): Promise<string> {
  const { node, at } = gatesOf(scene, park);
  const { enrolled, words } = await enrolDevice(node, scene.world.people.manager[park], park);
  if (enrolled === null) return words;
  const held = hold(scene, id, { deviceId: enrolled.deviceId, parkId: park, at });
  scene.devices.push(await SimDevice.open(held, enrolled, scene.world.clock.now()));
  return words;
}

async function copy(scene: Scene, { id, device: step }: Of<'device_copied'>): Promise<string> {
  const device = deviceAt(scene, step);
  if (device === undefined) return 'no device';
  device.held.isCopied = true;
  const held = hold(scene, id, device.held);
  held.isLost = device.held.isLost;
  held.atMs = device.held.atMs;
  held.isCopied = true;
  scene.devices.push(await device.copy(held, scene.world.clock.now()));
  return 'copied';
}

/** Somebody stands at a gate that reaches nobody. */
async function scan(
  scene: Scene,
  { device: step, ticket: made, direction, people }: Of<'device_scan'>,
): Promise<string> {
  const { world, diary } = scene;
  const [device, ticket] = [deviceAt(scene, step), ticketAt(scene, made)];
  if (device === undefined || ticket === undefined) return 'no device or no ticket';
  const { held } = device;
  if (held.isForked) return 'it works alone no more';
  const passages = diary.passages.filter(({ ticketId }) => ticketId === ticket.ticketId);
  if (direction === 'out' && reallyInside(passages) === 0) return 'nobody is inside';
  const code = await codeOf(scene, ticket, false);
  if (code === null) return 'no code';
  const nowMs = world.clock.now();
  const scanId = gatesOf(scene, held.parkId).node.ids.next();
  const decision = await device.decide({ scanId, code, direction, people, nowMs, gate: 'side' });
  if (decision.light === 'red') {
    reach(diary, `a device alone: ${decision.reason}`);
    return decision.reason;
  }
  reach(diary, `a device alone: ${decision.light}, ${direction}`);
  diary.passages.push({
    at: held.at,
    atMs: nowMs,
    // Nobody but the device knows yet.
    isLost: true,
    device: held.step,
    scanId,
    ticketId: ticket.ticketId,
    parkId: held.parkId,
    date: dateAt(nowMs),
    direction,
    people: decision.decided.people,
    isAlone: true,
  });
  return `${decision.light} ${decision.decided.people}`;
}

function noteBrought(scene: Scene, { held }: SimDevice, { verdicts, heard, isMarked }: Brought): void {
  const { world, diary } = scene;
  const { node, at } = gatesOf(scene, held.parkId);
  for (const passage of diary.passages) {
    if (!heard.includes(passage.scanId)) continue;
    Object.assign(passage, { isLost: false, at, toldAtMs: world.clock.now() });
  }
  if (isMarked) reach(diary, 'a device was beyond its quota');
  for (const verdict of new Set(verdicts)) reach(diary, `a log of a device: ${verdict}`);
  const isForked = verdicts.includes('forked');
  if (isForked && !held.isCopied) node.troubles.push('a device that nobody copied is told that its log is forked');
  held.isForked ||= isForked;
  const isTurnedAway = held.theft !== null && !held.theft.isLost;
  if (isTurnedAway && verdicts.length > 0) node.troubles.push('a stolen device was heard');
}

/** A device reaches its node: it listens and brings its log. */
async function talk(scene: Scene, device: SimDevice, copies: number): Promise<string> {
  if (device.held.isForked) return 'it waits for a person';
  const { node } = gatesOf(scene, device.held.parkId);
  const listened = await device.listen(node);
  const brought = await device.bring(node, copies);
  if (copies > 1 && brought.heard.length > 0) reach(scene.diary, 'two copies of a log came at the same moment');
  if (device.held.theft !== null && listened === 401) reach(scene.diary, 'a stolen device was turned away');
  noteBrought(scene, device, brought);
  return `${listened}, ${brought.words || 'nothing to bring'}`;
}

/** When everything works again they bring what they still have, also what a node lacks that was put back. */
export async function bringAll(scene: Scene): Promise<void> {
  for (const device of scene.devices) {
    await device.ask(gatesOf(scene, device.held.parkId).node);
    if (device.hasToBring) await talk(scene, device, 1);
  }
}

export async function useDevice(scene: Scene, step: DeviceStep): Promise<string> {
  switch (step.kind) {
    case 'device':
      return enrol(scene, step);
    case 'device_copied':
      return copy(scene, step);
    case 'device_scan':
      return scan(scene, step);
    case 'device_talk': {
      const device = deviceAt(scene, step.device);
      return device === undefined ? 'no device' : talk(scene, device, step.copies);
    }
  }
}

/** A device was stolen, and its manager says so. */
export async function loseDevice(scene: Scene, step: number): Promise<string> {
  const { world } = scene;
  const device = deviceAt(scene, step);
  if (device === undefined) return 'no device';
  const { deviceId, parkId } = device.held;
  const { node, at } = gatesOf(scene, parkId);
  const { status } = await node.call(world.people.manager[parkId], 'DELETE', `/admin/devices/${deviceId}`);
  if (status !== 204) return String(status);
  const theft = { at, atMs: world.clock.now(), isLost: false } satisfies HeldDevice<ParkId>['theft'];
  for (const { held } of scene.devices) if (held.deviceId === deviceId) held.theft = theft;
  return String(status);
}
