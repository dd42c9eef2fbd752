import { describe, expect, test } from 'vitest';
import { dayGrants } from '../../src/modules/booking/domain/day-grants.ts';
import { parkShare } from '../../src/modules/booking/domain/park-share.ts';
import { admission } from '../../src/modules/admission/domain/admission.ts';
import { answeredVoid } from '../../src/modules/admission/domain/void.ts';
import { readProjectFile } from '../support/project-files.ts';
import { replayEscrow, type EscrowCode } from './escrow-replay.suite.ts';
import { needsSpin, runsOf, type Step } from './spin.ts';
import { replayVoid, type GateCode } from './void-replay.suite.ts';

/** As many as it takes to come to every action. */
const SEEDS = { escrow: 150, void: 60 };

const asked = new Map<string, Promise<readonly (readonly Step[])[]>>();
function runs(model: 'escrow' | 'void'): Promise<readonly (readonly Step[])[]> {
  const found = asked.get(model) ?? runsOf(model, SEEDS[model]);
  asked.set(model, found);
  return found;
}

/** Every action that a model can tell of. */
const actionsOf = (model: string): ReadonlySet<string> =>
  new Set([...readProjectFile(`models/${model}.pml`).matchAll(/\btell\(([A-Z_]+),/g)].map(([, action = '']) => action));

const replayAll = async <Code>(
  model: 'escrow' | 'void',
  replay: (steps: readonly Step[], code: Code) => void,
  code: Code,
) => {
  for (const steps of await runs(model)) replay(steps, code);
};

const ESCROW: EscrowCode = { grants: dayGrants, share: parkShare };
const GATES: GateCode = { scan: admission, answer: answeredVoid };

describe('runs of the models, done again by the code', () => {
  test.for(['escrow', 'void'] as const)('among those of %s is every action', async (model, context) => {
    needsSpin(context);
    const done = (await runs(model)).flatMap((steps) => steps.map(({ action }) => action));
    expect(new Set(done)).toEqual(actionsOf(model));
  });

  test('places are where the model has them', async (context) => {
    needsSpin(context);
    await expect(replayAll('escrow', replayEscrow, ESCROW)).resolves.toBeUndefined();
  });

  test('requests, gates and money are as the model has them', async (context) => {
    needsSpin(context);
    await expect(replayAll('void', replayVoid, GATES)).resolves.toBeUndefined();
  });
});

const WRONG_SHARES: readonly (readonly [string, EscrowCode, RegExp])[] = [
  [
    'credits a grant to whatever life',
    {
      ...ESCROW,
      share: {
        ...parkShare,
        decide: (command, state) =>
          command.kind === 'credit'
            ? parkShare.decide({ ...command, own: { ...command.own, incarnation: command.grant.toIncarnation } }, state)
            : parkShare.decide(command, state),
      },
    },
    /FOREIGN/,
  ],
  [
    'forgets what it credited',
    {
      ...ESCROW,
      share: {
        ...parkShare,
        evolve: (state, event) => ({ ...parkShare.evolve(state, event), grants: state.grants }),
      },
    },
    /CREDIT/,
  ],
  [
    'takes a return again',
    {
      ...ESCROW,
      grants: {
        ...dayGrants,
        decide: (command, state) => dayGrants.decide(command, { ...state, returns: new Set() }),
      },
    },
    /TAKE_AGAIN/,
  ],
  [
    'leaves what a backup seemed to have',
    {
      ...ESCROW,
      share: {
        ...parkShare,
        transfersOf: (event) => (event.type === 'ShareFenced' ? [] : (parkShare.transfersOf?.(event) ?? [])),
      },
    },
    /RESTORE/,
  ],
];

const WRONG_GATES: readonly (readonly [string, GateCode, RegExp])[] = [
  [
    'voids a ticket whose people are in',
    {
      ...GATES,
      answer: {
        ...answeredVoid,
        decide: (command, state) => answeredVoid.decide({ ...command, override: true }, state),
      },
    },
    /STORE_ANSWER/,
  ],
  [
    'lets people in by a ticket that was voided',
    {
      ...GATES,
      scan: { ...admission, decide: (command, state) => admission.decide(command, { ...state, ends: [] }) },
    },
    /STORE_ANSWER/,
  ],
  [
    'forgets who came in',
    {
      ...GATES,
      scan: {
        ...admission,
        evolve: (state, event) => (event.type === 'PeopleAdmitted' ? state : admission.evolve(state, event)),
      },
    },
    /STORE_SCAN/,
  ],
];

describe('code that does otherwise than its model is found', () => {
  test.for(WRONG_SHARES)('%s', async ([, code, where], context) => {
    needsSpin(context);
    await expect(replayAll('escrow', replayEscrow, code)).rejects.toThrow(where);
  });

  test.for(WRONG_GATES)('%s', async ([, code, where], context) => {
    needsSpin(context);
    await expect(replayAll('void', replayVoid, code)).rejects.toThrow(where);
  });
});
