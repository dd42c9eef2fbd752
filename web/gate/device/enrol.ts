import { deviceKeyOf, makeKeyPair, type KeyPair } from '../../../clients/gate/crypto.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import type { Enrolled, GateStore } from './store.ts';

/** Null where the browser makes no keys of this kind: then the gate does not work alone. */
async function keysOfThisDevice(): Promise<KeyPair | null> {
  try {
    return await makeKeyPair();
  } catch {
    return null;
  }
}

/**
 * Makes this browser a gate of the node that served the page.
 * @param code what a manager was shown
 * @param name what staff call the gate
 */
export async function enrol(
  store: GateStore,
  { code, name }: { readonly code: string; readonly name: string },
  nowMs: number,
): Promise<{ readonly enrolled: Enrolled } | { readonly problem: Problem }> {
  const keys = await keysOfThisDevice();
  const publicKey = keys === null ? {} : { public_key: (await deviceKeyOf(keys)).publicKey };
  const done = await outcomeOf(api.POST('/api/v1/gate/devices/enroll', { body: { code, name, ...publicKey } }));
  if (!done.ok) return { problem: done.problem };
  const { id: deviceId, park_id: parkId, name: known, credential, certificate } = done.value;
  const enrolled = { deviceId, parkId, name: known, credential, certificate, certifiedAtMs: nowMs, keys };
  await store.erase();
  await store.write('enrolled', enrolled);
  // Asked for, so that the browser does not clear what waits to be brought when space runs short.
  await navigator.storage?.persist?.();
  return { enrolled };
}
