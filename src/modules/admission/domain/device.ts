import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';

/** How long a manager has to bring the code to the device. */
export const INVITATION_MS = 15 * 60_000;

export type DeviceInvited = {
  readonly type: 'DeviceInvited';
  /** The code itself is told once and kept nowhere. */
  readonly data: {
    readonly deviceId: string;
    readonly parkId: string;
    readonly codeHash: string;
    readonly expiresAtMs: number;
  };
};
export type DeviceEnrolled = {
  readonly type: 'DeviceEnrolled';
  readonly data: {
    readonly deviceId: string;
    readonly name: string;
    /** Of the credential, which only the device has. */
    readonly credentialHash: string;
    /** The 32 bytes of its Ed25519 key, as base64url; null for a simple scanner, which signs nothing. */
    readonly publicKey: string | null;
    readonly enrolledAtMs: number;
  };
};
export type DeviceRevoked = {
  readonly type: 'DeviceRevoked';
  readonly data: { readonly deviceId: string; readonly revokedAtMs: number };
};
export type DeviceEvent = DeviceInvited | DeviceEnrolled | DeviceRevoked;

export type DeviceCommand =
  | {
      readonly kind: 'invite';
      readonly deviceId: string;
      readonly parkId: string;
      readonly codeHash: string;
      readonly nowMs: number;
    }
  | {
      readonly kind: 'enrol';
      readonly deviceId: string;
      readonly name: string;
      readonly credentialHash: string;
      readonly publicKey: string | null;
      readonly nowMs: number;
    }
  | { readonly kind: 'revoke'; readonly deviceId: string; readonly nowMs: number };

/** The code was used before, is too old, or was withdrawn. */
export type DeviceRefusal = { readonly code: 'code_invalid' };

export type DeviceState =
  { readonly status: 'none' | 'enrolled' | 'revoked' } | { readonly status: 'invited'; readonly expiresAtMs: number };

/** A gate device: a code, told once, makes it known; from then on its credential speaks for it until it is revoked. */
export const device: Decider<DeviceCommand, DeviceState, DeviceEvent, DeviceRefusal> = {
  aggregateType: 'Device',
  initial: { status: 'none' },
  decide(command, state): Result<readonly DeviceEvent[], DeviceRefusal> {
    switch (command.kind) {
      case 'invite': {
        const { kind: _kind, nowMs, ...invited } = command;
        const data = { ...invited, expiresAtMs: nowMs + INVITATION_MS };
        return ok(state.status === 'none' ? [{ type: 'DeviceInvited', data }] : []);
      }
      case 'enrol': {
        const { kind: _kind, nowMs, ...enrolled } = command;
        if (state.status !== 'invited' || nowMs >= state.expiresAtMs) return refuse({ code: 'code_invalid' });
        return ok([{ type: 'DeviceEnrolled', data: { ...enrolled, enrolledAtMs: nowMs } }]);
      }
      case 'revoke': {
        const isOver = state.status === 'none' || state.status === 'revoked';
        const data = { deviceId: command.deviceId, revokedAtMs: command.nowMs };
        return ok(isOver ? [] : [{ type: 'DeviceRevoked', data }]);
      }
      default:
        return unreachable(command, 'device command');
    }
  },
  evolve(_state, event): DeviceState {
    switch (event.type) {
      case 'DeviceInvited':
        return { status: 'invited', expiresAtMs: event.data.expiresAtMs };
      case 'DeviceEnrolled':
        return { status: 'enrolled' };
      case 'DeviceRevoked':
        return { status: 'revoked' };
      default:
        return unreachable(event, 'device event');
    }
  },
};
