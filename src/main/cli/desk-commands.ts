import type { App } from '../compose.ts';
import { byOperator } from './by-operator.ts';
import type { Command, Operand } from './command.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const USER: Operand = { name: 'USER', pattern: UUID };
const PARK: Operand = { name: 'PARK' };

const STAFF = ['gate', 'manager', 'finance', 'admin'] as const;

const WHY = {
  user_not_found: 'There is no such account.',
  no_second_factor: 'The account has no second factor.',
  last_admin: 'That is the last admin: name another one first.',
} as const;

/** Most devices that are shown. */
const MOST_SHOWN = 200;

const instant = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString());

async function describeUser({ modules: { user, auth } }: App, userId: string): Promise<readonly string[]> {
  const [profile, roles] = await Promise.all([user.profile(userId), auth.accountRecords.roles.of(userId)]);
  if (profile === null && roles.length === 0) return [];
  return [
    `account   ${userId}`,
    `name      ${profile === null ? '(erased)' : profile.name}`,
    `number    ${profile === null ? '(erased)' : `${profile.phone}, ${profile.phoneVerified ? '' : 'not '}verified`}`,
    ...roles.map(({ role, parkId }) => `role      ${role}${parkId === null ? '' : ` at ${parkId}`}`),
  ];
}

/** Why a role cannot be changed, before anything is asked of the rules. */
async function roleFault({ modules: { park } }: App, role: string, parkId: string | null): Promise<string | null> {
  if (!STAFF.some((name) => name === role)) return `"${role}" is no role; there are: ${STAFF.join(', ')}`;
  if (parkId === null) return null;
  if (role === 'admin') return 'An admin is one of the whole chain: leave the park out.';
  return (await park.catalogue.find(parkId)) === null ? `There is no park "${parkId}".` : null;
}

const changingRole = (how: 'grant' | 'revoke', meaning: string): Command => ({
  words: `users ${how}`,
  operands: [USER, { name: 'ROLE' }, { ...PARK, isOptional: true }],
  meaning,
  run: ({ operands: [userId = '', word = '', parkId = null] }, { say, withApp }) =>
    withApp(async (app) => {
      const { auth } = app.modules;
      const role = STAFF.find((name) => name === word) ?? 'gate';
      const isUnproven = how === 'grant' && !(await auth.mayBeTrusted(userId));
      const fault = isUnproven
        ? 'Nobody verified the number of that account: anybody can register any number.'
        : await roleFault(app, word, parkId);
      if (fault !== null) {
        say(fault);
        return 1;
      }
      const change = how === 'grant' ? auth.grantRole : auth.revokeRole;
      const done = await change({ userId, role, parkId }, byOperator());
      if (!done.ok) say(WHY[done.refusal.code]);
      else for (const line of await describeUser(app, userId)) say(line);
      return done.ok ? 0 : 1;
    }),
});

const signOutCommand: Command = {
  words: 'users sign-out',
  operands: [USER],
  meaning: 'ends every session of an account; its owner is told',
  run: ({ operands: [userId = ''] }, { say, withApp }) =>
    withApp(async ({ modules: { auth, user } }) => {
      if ((await user.profile(userId)) === null) {
        say(WHY.user_not_found);
        return 1;
      }
      await auth.signOut(userId, byOperator());
      say(`${userId} is signed out everywhere.`);
      return 0;
    }),
};

const eraseCommand: Command = {
  words: 'users erase',
  operands: [USER],
  meaning: 'destroys all that is personal of a guest who asked for it, for ever; there is no way back',
  run: ({ operands: [userId = ''] }, { say, withApp }) =>
    withApp(async ({ modules: { auth, user } }) => {
      if ((await auth.accountRecords.roles.of(userId)).length > 0) {
        say('That account has duties: take them away first.');
        return 1;
      }
      const erased = await user.eraseOnRequest(userId, byOperator());
      if (erased.ok) say(`${userId} is erased.`);
      else if (erased.refusal.code === 'user_not_found') say(WHY.user_not_found);
      else {
        const { ticketIds, paymentIds } = erased.refusal;
        say(`Cancel or end first: ${[...ticketIds, ...paymentIds].join(', ')}`);
      }
      return erased.ok ? 0 : 1;
    }),
};

const userCommands: readonly Command[] = [
  signOutCommand,
  eraseCommand,
  {
    words: 'users find',
    operands: [{ name: 'PHONE' }],
    meaning: 'whose number it is',
    run: ({ operands: [phone = ''] }, { say, withApp }) =>
      withApp(async (app) => {
        const found = await app.modules.user.userIdByPhone(phone);
        if (!found.ok) say('That is no mobile number.');
        else if (found.value === null) say('Nobody has that number.');
        else for (const line of await describeUser(app, found.value)) say(line);
        return found.ok && found.value !== null ? 0 : 1;
      }),
  },
  {
    words: 'users show',
    operands: [USER],
    meaning: 'an account and its roles',
    run: ({ operands: [userId = ''] }, { say, withApp }) =>
      withApp(async (app) => {
        const lines = await describeUser(app, userId);
        for (const line of lines.length === 0 ? [WHY.user_not_found] : lines) say(line);
        return lines.length === 0 ? 1 : 0;
      }),
  },
  changingRole('grant', `gives an account a role (${STAFF.join(', ')}), at one park or at all`),
  changingRole('revoke', 'takes a role of an account away'),
  {
    words: 'users reset-second-factor',
    operands: [USER],
    meaning: 'takes away the second factors of an account whose owner lost them, and ends its sessions',
    run: ({ operands: [userId = ''] }, { say, withApp }) =>
      withApp(async (app) => {
        const done = await app.modules.auth.resetFactors(userId, byOperator());
        say(done.ok ? 'The account has no second factor any more; its owner is told.' : WHY[done.refusal.code]);
        return done.ok ? 0 : 1;
      }),
  },
];

const parkCommands: readonly Command[] = [
  {
    words: 'parks list',
    meaning: 'the parks of the chain',
    run: (_call, { say, withApp }) =>
      withApp(async ({ modules: { park } }) => {
        const parks = await park.catalogue.all();
        for (const { parkId, names, capacity, openTime, closeTime } of parks) {
          say(`${parkId.padEnd(20)} ${names.en}  ${capacity} places  ${openTime} to ${closeTime}`);
        }
        say(parks.length === 0 ? 'There is no park.' : `${parks.length} parks`);
        return 0;
      }),
  },
  {
    words: 'parks show',
    operands: [PARK],
    meaning: 'all that is said of a park',
    run: ({ operands: [parkId = ''] }, { say, withApp }) =>
      withApp(async ({ modules: { park } }) => {
        const found = await park.catalogue.find(parkId);
        // Sums are whole numbers beyond what JSON knows.
        const text = JSON.stringify(
          found,
          (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value),
          2,
        );
        say(found === null ? `There is no park "${parkId}".` : text);
        return found === null ? 1 : 0;
      }),
  },
];

const deviceCommands: readonly Command[] = [
  {
    words: 'devices list',
    operands: [{ ...PARK, isOptional: true }],
    meaning: `the newest ${MOST_SHOWN} gate devices, of one park or of all`,
    run: ({ operands: [parkId = null] }, { say, withApp }) =>
      withApp(async ({ modules: { admission } }) => {
        const devices = await admission.devices.list({ parkId, after: null, limit: MOST_SHOWN });
        for (const { deviceId, parkId: at, status, name, enrolledAtMs } of devices) {
          say(`${deviceId}  ${at}  ${status.padEnd(8)}  enrolled ${instant(enrolledAtMs)}  ${name ?? '(no name)'}`);
        }
        say(devices.length === 0 ? 'There is no device.' : `${devices.length} devices`);
        return 0;
      }),
  },
  {
    words: 'devices revoke',
    operands: [{ name: 'DEVICE', pattern: UUID }],
    meaning: 'a device that was lost or replaced is refused from now on',
    run: ({ operands: [deviceId = ''] }, { say, withApp }) =>
      withApp(async ({ modules: { admission } }) => {
        const found = await admission.devices.find(deviceId);
        if (found !== null) await admission.devices.revoke(deviceId, { ...byOperator(), parkId: found.parkId });
        say(found === null ? 'There is no such device.' : `${deviceId} is revoked.`);
        return found === null ? 1 : 0;
      }),
  },
];

export const deskCommands: readonly Command[] = [...userCommands, ...parkCommands, ...deviceCommands];
