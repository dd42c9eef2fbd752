import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import type { Gate } from '../device/gate.ts';
import { passageOf, type Passage } from '../device/passage.ts';
import { texts } from '../texts/texts.ts';

type Props = { readonly code: string; readonly gate: Gate; readonly onDone: (passage: Passage) => unknown };

/** A manager who is signed in here lets a party in although the park is full, and says why. The node decides whether they may. */
export function OverrideForm({ code, gate, onDone }: Props) {
  const words = texts().scan;
  return (
    <Form
      submit={words.override}
      onSubmit={async (fields) => {
        const scan = {
          scan_id: crypto.randomUUID(),
          code,
          direction: 'in',
          scanned_at: new Date().toISOString(),
          gate: gate.enrolled.name,
          override: { reason: fieldText(fields, 'reason') },
        } as const;
        const done = await outcomeOf(api.POST('/api/v1/gate/scans', { body: { scans: [scan] } }));
        if (!done.ok) return done.problem;
        for (const result of done.value.results) onDone(passageOf('in', result));
        return null;
      }}
    >
      <Field label={words.overrideReason} name="reason" required maxLength={200} />
    </Form>
  );
}
