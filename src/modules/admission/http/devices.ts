import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { parsePersonName } from '../../../kernel/person-name.ts';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, oneOf, pageOf, pageQuery, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { DeviceLogFigures, ShownDeviceLogs } from '../application/device-log-views.ts';
import type { Devices, DeviceView, ManageDevices } from '../application/devices.ts';
import { exampleCertificate } from './device-log-schema.ts';
import { MANAGER_ROLES } from './gate-ticket-schema.ts';

const Device = Type.Object(
  {
    id: uuid(),
    park_id: Type.String({ example: 'ala-archa' }),
    name: nullable(Type.String({ description: 'Null until it is enrolled' })),
    signs: Type.Boolean({ description: 'It has a key, and signs its log' }),
    status: oneOf(['invited', 'enrolled', 'revoked']),
    invited_at: instant(),
    code_expires_at: instant('When the code ends that enrols it'),
    enrolled_at: nullable(instant()),
    revoked_at: nullable(instant()),
    log: Type.Object(
      {
        seq: Type.Integer({ description: 'The newest entry that was merged; 0 without any' }),
        over_quota: Type.Integer({ description: 'How many entries were beyond what it may let in alone' }),
        forks: Type.Integer({ description: 'How often it told another log than before' }),
      },
      { description: 'What it decided alone' },
    ),
  },
  { $id: 'Device', description: 'A gate device' },
);

const orNull = (ms: number | null): string | null => (ms === null ? null : toInstant(ms));

const NOTHING: DeviceLogFigures = { seq: 0, overQuota: 0, forks: 0 };

const toDevice = (view: DeviceView, { seq, overQuota, forks }: DeviceLogFigures) => ({
  id: view.deviceId,
  park_id: view.parkId,
  name: view.name,
  signs: view.publicKey !== null,
  status: view.status,
  invited_at: toInstant(view.invitedAtMs),
  code_expires_at: toInstant(view.expiresAtMs),
  enrolled_at: orNull(view.enrolledAtMs),
  revoked_at: orNull(view.revokedAtMs),
  log: { seq, over_quota: overQuota, forks },
});

const deviceExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  park_id: 'ala-archa',
  name: 'North gate',
  signs: true,
  status: 'enrolled',
  invited_at: '2026-12-05T03:00:00.000Z',
  code_expires_at: '2026-12-05T03:15:00.000Z',
  enrolled_at: '2026-12-05T03:02:00.000Z',
  revoked_at: null,
  log: { seq: 412, over_quota: 0, forks: 0 },
};

const parkId = text(50, { description: 'Slug of the park', example: 'ala-archa' });

export const listDevicesRoute = (devices: Devices, logs: Pick<ShownDeviceLogs, 'figuresOf'>) =>
  defineRoute({
    method: 'GET',
    path: '/admin/devices',
    operationId: 'listDevices',
    summary: 'List gate devices, newest first',
    description: 'Those of one park; of all parks for who manages all.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: MANAGER_ROLES, parkFrom: 'query.park_id' },
    query: Type.Object({ park_id: Type.Optional(parkId), ...pageQuery }),
    responses: {
      200: {
        description: 'A page of devices',
        schema: pageOf(Device),
        example: { items: [deviceExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const page = await readPage(
        'devices',
        query,
        ({ deviceId }: DeviceView) => deviceId,
        async (after, limit) =>
          after !== null && !isUuid(after) ? null : devices.list({ parkId: query.park_id ?? null, after, limit }),
      );
      if (!page.ok) return page.refusal;
      const { items, next } = page.value;
      const figures = await logs.figuresOf(items.map(({ deviceId }) => deviceId));
      const shown = items.map((view) => toDevice(view, figures.get(view.deviceId) ?? NOTHING));
      return { status: 200, body: { items: shown, next_cursor: next } };
    },
  });

export const inviteDeviceRoute = (manage: ManageDevices) =>
  defineRoute({
    method: 'POST',
    path: '/admin/devices',
    operationId: 'inviteDevice',
    summary: 'Make a code that enrols one gate device',
    description: 'The code is shown here once, enrols one device, and ends after 15 minutes. A lost one is made anew.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: MANAGER_ROLES, parkFrom: 'body.park_id' },
    stepUp: 'required',
    body: Type.Object({ park_id: parkId }),
    bodyExample: { park_id: 'ala-archa' },
    responses: {
      201: {
        description: 'The device and its code',
        schema: Type.Object({ id: uuid(), park_id: Type.String(), code: Type.String(), expires_at: instant() }),
        example: {
          id: deviceExample.id,
          park_id: 'ala-archa',
          code: 'k3Vt0mXJ8QmY',
          expires_at: '2026-12-05T03:15:00.000Z',
        },
      },
    },
    problems: [],
    async handle({ body, principal, correlationId }) {
      const { deviceId, code, expiresAtMs } = await manage.invite(body.park_id, {
        actor: principal.actor,
        correlationId,
      });
      const answer = { id: deviceId, park_id: body.park_id, code, expires_at: toInstant(expiresAtMs) };
      return { status: 201, body: answer };
    },
  });

export const revokeDeviceRoute = (manage: ManageDevices, devices: Devices) =>
  defineRoute({
    method: 'DELETE',
    path: '/admin/devices/:id',
    operationId: 'revokeDevice',
    summary: 'Revoke a gate device',
    description:
      'Its credential and its code are good for nothing any more, at every process at once. Done twice is done.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: MANAGER_ROLES, parkFrom: 'resource' },
    stepUp: 'required',
    params: Type.Object({ id: uuid() }),
    responses: { 204: { description: 'Revoked' } },
    problems: ['device_not_found', 'not_home'],
    async handle({ params, principal, correlationId }) {
      const found = await devices.find(params.id);
      if (found === null || !hasRoleAt(principal, MANAGER_ROLES, found.parkId)) return problem('device_not_found');
      await manage.revoke(params.id, { actor: principal.actor, correlationId, parkId: found.parkId });
      return { status: 204 };
    },
  });

/** @param ca the authority that devices are to believe, as PEM */
export const enrolDeviceRoute = (manage: ManageDevices, ca: string | null) =>
  defineRoute({
    method: 'POST',
    path: '/gate/devices/enroll',
    operationId: 'enrolDevice',
    summary: 'Enrol this device at a gate',
    description:
      'Takes the code that a manager made and answers the credential of the device, once: it is sent as a Bearer token. ' +
      'A device may scan and validate at its park, and nothing else. One that sends an Ed25519 key, made where nobody can take ' +
      'it out, gets a certificate for it, and may work alone and bring its log later (`POST /gate/log`).',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    limits: ['enrol'],
    body: Type.Object({
      code: text(50, { example: 'k3Vt0mXJ8QmY' }),
      name: text(50, { description: 'What staff call it', example: 'North gate' }),
      public_key: Type.Optional(
        Type.String({
          pattern: '^[A-Za-z0-9_-]{43}$',
          maxLength: 43,
          description: 'The 32 bytes of its Ed25519 key, as base64url',
          example: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        }),
      ),
    }),
    bodyExample: {
      code: 'k3Vt0mXJ8QmY',
      name: 'North gate',
      public_key: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    },
    responses: {
      201: {
        description: 'The device and its credential',
        schema: Type.Object({
          id: uuid(),
          park_id: Type.String(),
          name: Type.String(),
          credential: Type.String(),
          ca: nullable(
            Type.String({
              description: 'The authority that signs this node for HTTPS, as PEM; null when it is a public one',
            }),
          ),
          certificate: nullable(Type.String({ description: 'For its key, good for some days; null without one' })),
        }),
        example: {
          id: deviceExample.id,
          park_id: 'ala-archa',
          name: 'North gate',
          credential: 'spd_AzE5b0Z1VtM3uX9cQ2rLw8yKpJ4nHs6TgD7fBv0eYiU',
          ca: null,
          certificate: exampleCertificate,
        },
      },
    },
    problems: ['device_code_invalid', 'not_home', 'validation_failed'],
    async handle({ body, correlationId }) {
      const name = parsePersonName(body.name);
      if (name === null) {
        const errors = [{ path: 'name', message: 'must have a letter or a digit, and no line ends' }];
        return problem('validation_failed', { errors });
      }
      const done = await manage.enrol(body.code, { name, publicKey: body.public_key ?? null }, correlationId);
      if (!done.ok) return problem('device_code_invalid');
      const { deviceId, parkId: park_id, credential, certificate } = done.value;
      return { status: 201, body: { id: deviceId, park_id, name, credential, ca, certificate } };
    },
  });
