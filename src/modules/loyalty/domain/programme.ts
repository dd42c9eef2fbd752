import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { FIRST_FIGURES, type Figures } from './figures.ts';
import { figureFaults, type FigureFault } from './figures-faults.ts';

export type LoyaltyFiguresChanged = {
  readonly type: 'LoyaltyFiguresChanged';
  /** All of them, as they are from now on; points keep what they were earned with. */
  readonly data: Figures & { readonly changedAtMs: number };
};

export type ProgrammeCommand = {
  readonly kind: 'change';
  readonly figures: Figures;
  /** What the editor saw. */
  readonly version: number;
  readonly nowMs: number;
};

export type ProgrammeRefusal =
  { readonly code: 'version_moved' } | { readonly code: 'bad_figures'; readonly faults: readonly FigureFault[] };

/** The first figures are version 1. */
export type ProgrammeState = { readonly figures: Figures; readonly version: number };

/** The figures of the loyalty programme, the same for the whole chain. */
export const programme: Decider<ProgrammeCommand, ProgrammeState, LoyaltyFiguresChanged, ProgrammeRefusal> = {
  aggregateType: 'LoyaltyProgramme',
  initial: { figures: FIRST_FIGURES, version: 1 },
  decide({ figures, version, nowMs }, state) {
    if (version !== state.version) return refuse({ code: 'version_moved' });
    const faults = figureFaults(figures);
    if (faults.length > 0) return refuse({ code: 'bad_figures', faults });
    return ok([{ type: 'LoyaltyFiguresChanged', data: { ...figures, changedAtMs: nowMs } }]);
  },
  evolve: ({ version }, { data: { changedAtMs: _when, ...figures } }) => ({ figures, version: version + 1 }),
};
