import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { user } from '../domain/user.ts';
import type { ConsentDocument, ConsentView, ShowConsents } from './consents.ts';

/** What a person says about one document. */
export type ConsentChoice = { readonly document: string; readonly version: string; readonly given: boolean };

export type ConsentRefusal =
  | { readonly code: 'user_not_found' }
  /** `index` is the place of the choice in the list. */
  | { readonly code: 'unknown_document' | 'version_not_shown' | 'document_twice'; readonly index: number }
  | { readonly code: 'consent_required'; readonly document: string };

export type ChangeConsents = (
  userId: string,
  choices: readonly ConsentChoice[],
  meta: CommandMeta,
) => Promise<Result<readonly ConsentView[], ConsentRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly documents: readonly ConsentDocument[];
  readonly showConsents: ShowConsents;
};

function fault(choices: readonly ConsentChoice[], documents: readonly ConsentDocument[]): ConsentRefusal | null {
  for (const [index, { document, version, given }] of choices.entries()) {
    const shown = documents.find((one) => one.document === document);
    if (shown === undefined) return { code: 'unknown_document', index };
    if (choices.findIndex((choice) => choice.document === document) < index) return { code: 'document_twice', index };
    // What was not shown cannot be agreed to.
    if (shown.version !== version) return { code: 'version_not_shown', index };
    if (shown.required && !given) return { code: 'consent_required', document };
  }
  return null;
}

/** Records what somebody agrees to from now on; documents that are not named stay as they are. */
export function createChangeConsents({ runner, documents, showConsents }: Dependencies): ChangeConsents {
  return async (userId, choices, meta) => {
    const wrong = fault(choices, documents);
    if (wrong !== null) return refuse(wrong);
    const given = choices.filter((choice) => choice.given).map(({ document, version }) => ({ document, version }));
    const withdrawn = choices.filter((choice) => !choice.given).map(({ document }) => document);
    const done = await runner.run(user, userId, { kind: 'change_consents', userId, given, withdrawn }, meta);
    return done.ok ? ok(await showConsents(userId)) : refuse(only(['user_not_found'], done.refusal));
  };
}
