import { fieldText } from '../../shared/ui/field-text.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { enrol } from '../device/enrol.ts';
import { gateStore, run } from '../device/running.ts';
import { texts } from '../texts/texts.ts';

/** Makes this browser a gate, by a code that a manager was shown. */
export function EnrolPage() {
  const words = texts().enrol;
  return (
    <main class="container" id="content">
      <div class="card">
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
        <Form
          submit={words.submit}
          onSubmit={async (fields) => {
            const asked = { code: fieldText(fields, 'code').trim(), name: fieldText(fields, 'name').trim() };
            const done = await enrol(gateStore(), asked, Date.now());
            if ('problem' in done) return done.problem;
            await run(done.enrolled);
            return null;
          }}
        >
          <Field label={words.code} hint={words.codeHint} name="code" required maxLength={50} autocomplete="off" />
          <Field label={words.name} hint={words.nameHint} name="name" required maxLength={50} autocomplete="off" />
        </Form>
      </div>
    </main>
  );
}
