import { createCommandRunner, type CommandRunner } from '../kernel/command-runner.ts';
import { createEventCodec, type EventCodec } from '../kernel/event-codec.ts';
import { flowAt, type Flow } from '../kernel/flow.ts';
import { createParkRunner } from '../kernel/park-runner.ts';
import type { IsHeirOf } from '../kernel/stream-states.ts';
import { isDoneBy } from '../kernel/node-role.ts';
import type { Route } from '../infrastructure/http/route.ts';
import type { IsFresh, TokenVerifier } from '../infrastructure/http/access.ts';
import { createImageCleaner } from '../infrastructure/images/clean-image.ts';
import type { Job } from '../infrastructure/module.ts';
import { createZone } from '../infrastructure/zone.ts';
import { routeAt } from './route-at.ts';
import { manifests } from './migration-sources.ts';
import { wireAdmission } from './wiring/admission.ts';
import { wireAuth } from './wiring/auth.ts';
import { wireBooking } from './wiring/booking.ts';
import { wireFlows } from './wiring/flows.ts';
import { wireFiscal } from './wiring/fiscal.ts';
import { wireLedger } from './wiring/ledger.ts';
import { wireLoyalty } from './wiring/loyalty.ts';
import { wireNodes } from './wiring/nodes.ts';
import { wireNotify } from './wiring/notify.ts';
import { wireOffice } from './wiring/office.ts';
import { wireSync } from './wiring/sync.ts';
import { wirePark } from './wiring/park.ts';
import { wirePayment } from './wiring/payment.ts';
import type { DomainModules, Ground, Tools, Wiring } from './wiring/tools.ts';
import { wireUser } from './wiring/user.ts';

export type Modules = DomainModules & {
  readonly routes: readonly Route[];
  readonly jobs: readonly Job[];
  readonly flows: readonly Flow[];
  readonly codec: EventCodec;
  readonly runner: CommandRunner;
  readonly tokens: TokenVerifier;
  readonly isFresh: IsFresh;
};

/** Makes every module and answers the questions they have for each other. Touches no network and no disk. */
export function createModules(ground: Ground): Modules {
  const { store, vault, clock, ids, role, parkId } = ground;
  const events = manifests.flatMap((manifest) => manifest.events);
  const codec = createEventCodec(events, vault);
  const isHeirOf: IsHeirOf = async (nodeId) => (await made.nodes.writers()).includes(nodeId);
  const makeRunner = () => createCommandRunner({ store, codec, ids, clock, isHeirOf });
  const everywhere = ground.appendGate?.runner(makeRunner) ?? makeRunner();
  const runner = parkId === null ? everywhere : createParkRunner(everywhere, parkId);
  const tools: Tools = { ...ground, zone: createZone(), codec, runner, cleanImage: createImageCleaner(clock) };
  const wiring: Wiring = { tools, all: () => made };
  const made: DomainModules = {
    auth: wireAuth(wiring),
    user: wireUser(wiring),
    park: wirePark(wiring),
    booking: wireBooking(wiring),
    admission: wireAdmission(wiring),
    payment: wirePayment(wiring),
    loyalty: wireLoyalty(wiring),
    ledger: wireLedger(wiring),
    fiscal: wireFiscal(wiring),
    office: wireOffice(wiring),
    notify: wireNotify(wiring),
    nodes: wireNodes(wiring),
  };
  const list = Object.values(made);
  return {
    ...made,
    routes: [...list.flatMap(({ routes }) => routes), ...wireSync(tools, made, events)].map((route) =>
      routeAt(role, route),
    ),
    jobs: list.flatMap(({ jobs = [] }) => jobs).filter(({ runsAt }) => isDoneBy(role, runsAt)),
    flows: wireFlows(tools, made)
      .filter(({ runsAt }) => isDoneBy(role, runsAt))
      .map((flow) => flowAt(ground.nodeId, flow)),
    codec,
    runner,
    isFresh: made.auth.isFresh,
    // A credential of a device is no access token and the other way round, so at most one of them knows it.
    tokens: {
      verify: async (token) => (await made.admission.deviceTokens.verify(token)) ?? made.auth.tokens.verify(token),
    },
  };
}
