import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { texts } from '../texts/texts.ts';

type Consent = components['schemas']['Consent'];

const nameOf = (document: string): string => {
  const words: Readonly<Record<string, string>> = texts().privacy.documents;
  return words[document] ?? document;
};

/** What the guest agreed to; what an account can be without may be taken back. */
export function Consents() {
  const consents = useLoad(() => outcomeOf(api.GET('/api/v1/users/me/consents')), []);
  const problem = useSignal<Problem | null>(null);
  const change = async ({ document, version }: Consent, given: boolean): Promise<void> => {
    const body = { consents: [{ document, version, given }] };
    const done = await outcomeOf(api.PUT('/api/v1/users/me/consents', { body }));
    problem.value = done.ok ? null : done.problem;
    await consents.reload();
  };
  return (
    <section class="card stack">
      <h2>{texts().privacy.consents}</h2>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <Loaded of={consents}>
        {({ consents: all }) => (
          <ul class="plain-list">
            {all.map((consent) => (
              <li key={consent.document}>
                <label>
                  <input
                    type="checkbox"
                    role="switch"
                    checked={consent.given_version !== null}
                    disabled={consent.required}
                    onChange={({ currentTarget }) => void change(consent, currentTarget.checked)}
                  />
                  {nameOf(consent.document)}
                </label>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
