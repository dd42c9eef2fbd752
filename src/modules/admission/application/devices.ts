import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { device, INVITATION_MS, type DeviceRefusal } from '../domain/device.ts';
import type { DeviceCertificates } from './device-certificates.ts';

/** A gate device as its park's managers see it. */
export type DeviceView = {
  readonly deviceId: string;
  readonly parkId: string;
  /** Null until it was enrolled. */
  readonly name: string | null;
  /** The 32 bytes of its Ed25519 key, as base64url; null for a simple scanner, which signs nothing. */
  readonly publicKey: string | null;
  readonly status: 'invited' | 'enrolled' | 'revoked';
  readonly invitedAtMs: number;
  /** When the code ends that enrols it. */
  readonly expiresAtMs: number;
  readonly enrolledAtMs: number | null;
  readonly revokedAtMs: number | null;
};

/** Port: the devices by what they are looked up by. */
export type Devices = {
  find(deviceId: string): Promise<DeviceView | null>;
  byCodeHash(hash: string): Promise<DeviceView | null>;
  byCredentialHash(hash: string): Promise<DeviceView | null>;
  /** Newest first; of all parks without one. */
  list(page: {
    readonly parkId: string | null;
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly DeviceView[]>;
};

/** Port: a hash of a secret text, in hexadecimal. */
export type HashSecret = (secret: string) => string;

/** Tells a device's credential from an access token. */
export const CREDENTIAL_PREFIX = 'spd_';
const CREDENTIAL_BYTES = 32;
/** Twelve characters that somebody may have to type, and nobody can guess in a quarter of an hour. */
const CODE_BYTES = 9;

export type Enrolment = {
  readonly deviceId: string;
  readonly parkId: string;
  readonly name: string;
  readonly credential: string;
  /** Null without a key. */
  readonly certificate: string | null;
};

export type ManageDevices = {
  /** The code is told here and nowhere else. */
  invite(
    parkId: string,
    meta: CommandMeta,
  ): Promise<{ readonly deviceId: string; readonly code: string; readonly expiresAtMs: number }>;
  enrol(
    code: string,
    words: { readonly name: string; readonly publicKey: string | null },
    correlationId: string,
  ): Promise<Result<Enrolment, DeviceRefusal>>;
  revoke(deviceId: string, meta: CommandMeta): Promise<void>;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly devices: Devices;
  readonly hashSecret: HashSecret;
  readonly certificates: Pick<DeviceCertificates, 'issue'>;
};

export function createManageDevices(dependencies: Dependencies): ManageDevices {
  const { runner, ids, clock, devices, hashSecret, certificates } = dependencies;
  return {
    async invite(parkId, meta) {
      const [deviceId, code, nowMs] = [ids.next(), ids.secret(CODE_BYTES), clock.now()];
      const command = { kind: 'invite', deviceId, parkId, codeHash: hashSecret(code), nowMs } as const;
      const done = await runner.run(device, deviceId, command, { ...meta, parkId }, { isNew: true });
      assert(done.ok, 'a new device can always be invited');
      return { deviceId, code, expiresAtMs: nowMs + INVITATION_MS };
    },

    async enrol(code, { name, publicKey }, correlationId) {
      const found = await devices.byCodeHash(hashSecret(code));
      if (found === null) return refuse({ code: 'code_invalid' });
      const { deviceId, parkId } = found;
      const credential = `${CREDENTIAL_PREFIX}${ids.secret(CREDENTIAL_BYTES)}`;
      const done = await runner.run(
        device,
        deviceId,
        { kind: 'enrol', deviceId, name, credentialHash: hashSecret(credential), publicKey, nowMs: clock.now() },
        { actor: `device:${deviceId}`, correlationId, parkId },
      );
      if (!done.ok) return refuse({ code: 'code_invalid' });
      const issued = publicKey === null ? null : certificates.issue({ deviceId, parkId, publicKey });
      return ok({ deviceId, parkId, name, credential, certificate: issued?.certificate ?? null });
    },

    async revoke(deviceId, meta) {
      const done = await runner.run(device, deviceId, { kind: 'revoke', deviceId, nowMs: clock.now() }, meta);
      assert(done.ok, 'a device can always be revoked');
    },
  };
}
