import type { TokenVerifier } from '../../../infrastructure/http/access.ts';
import { CREDENTIAL_PREFIX, type Devices, type HashSecret } from '../application/devices.ts';

type Dependencies = { readonly devices: Pick<Devices, 'byCredentialHash'>; readonly hashSecret: HashSecret };

/** Knows gate devices by their credentials, and nobody else. A device stands at a gate of its park and has no other role. */
export const createDeviceTokens = ({ devices, hashSecret }: Dependencies): TokenVerifier => ({
  async verify(token) {
    if (!token.startsWith(CREDENTIAL_PREFIX)) return null;
    const found = await devices.byCredentialHash(hashSecret(token));
    if (found?.status !== 'enrolled') return null;
    const { deviceId, parkId } = found;
    const roles = [{ role: 'gate', parkId }] as const;
    return { kind: 'device', userId: deviceId, sessionId: deviceId, roles, actor: `device:${deviceId}` };
  },
});
