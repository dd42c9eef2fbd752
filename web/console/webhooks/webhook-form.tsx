import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, taggedOutcomeOf, type Problem, type Tagged } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { parks } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { SelectField } from '../ui/select-field.tsx';

export type Webhook = components['schemas']['Webhook'];

type Props = {
  /** The one to change; null for a new one. */
  readonly webhook: Webhook | null;
  readonly onSaved: () => Promise<unknown>;
  readonly onClose: () => unknown;
  /** Told of what signs the messages of a new one. */
  readonly onSecret?: (secret: string) => unknown;
};

/** Whom to tell, and of what. */
export function WebhookForm(given: Props) {
  const { webhooks: words } = texts();
  const props = { ...given, onClose: useClosing(given.onClose) };
  return (
    <Dialog title={props.webhook === null ? words.add : words.edit} onClose={props.onClose}>
      {props.webhook === null ? <Fields {...props} read={null} /> : <Present {...props} id={props.webhook.id} />}
    </Dialog>
  );
}

/** The webhook as it is now, with its version to edit. */
function Present({ id, ...props }: Props & { readonly id: string }) {
  const read = useLoad(
    () => taggedOutcomeOf(api.GET('/api/v1/admin/webhooks/{id}', { params: { path: { id } } })),
    [id],
  );
  return <Loaded of={read}>{(found) => <Fields key={found.etag} {...props} read={found} />}</Loaded>;
}

/** The topics in the order in which they are shown. */
const topicsOf = (words: ReturnType<typeof texts>['webhooks']) =>
  Object.keys(words.topicNames) as (keyof typeof words.topicNames)[];

function Fields({ read, onSaved, onClose, onSecret }: Props & { readonly read: Tagged<Webhook> | null }) {
  const { webhooks: words } = texts();
  const before = read?.value ?? null;
  const save = async (fields: FormData): Promise<Problem | null> => {
    const park = typed(fields, 'park');
    const body = {
      url: typed(fields, 'url'),
      description: typed(fields, 'description'),
      topics: topicsOf(words).filter((topic) => fields.get(`topic.${topic}`) !== null),
      park_id: park === '' ? null : park,
    };
    if (read === null) {
      const added = await outcomeOf(api.POST('/api/v1/admin/webhooks', { body }));
      if (!added.ok) return added.problem;
      await onSaved();
      onSecret?.(added.value.secret);
      return null;
    }
    const params = { path: { id: read.value.id }, header: { 'If-Match': read.etag } };
    const changed = await outcomeOf(
      api.PUT('/api/v1/admin/webhooks/{id}', {
        params,
        body: { ...body, enabled: fields.get('enabled') !== null },
      }),
    );
    if (!changed.ok) return changed.problem;
    say(words.saved);
    await onSaved();
    onClose();
    return null;
  };
  return (
    <Form submit={words.save} onSubmit={save}>
      <Field
        label={words.url}
        name="url"
        required
        maxLength={2000}
        hint={words.urlHint}
        defaultValue={before?.url ?? 'https://'}
      />
      <Field label={words.description} name="description" maxLength={200} defaultValue={before?.description ?? ''} />
      <SelectField
        label={words.park}
        name="park"
        value={before?.park_id ?? ''}
        options={[
          { value: '', label: words.allParks },
          ...parks.value.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <Topics before={before} />
      {before !== null && (
        <label>
          <input type="checkbox" role="switch" name="enabled" defaultChecked={before.enabled} />
          {words.isOn}
        </label>
      )}
    </Form>
  );
}

/** Of what it is told; of everything, where nobody has chosen yet. */
function Topics({ before }: { readonly before: Webhook | null }) {
  const { webhooks: words } = texts();
  return (
    <fieldset>
      <legend>{words.topics}</legend>
      {topicsOf(words).map((topic) => (
        <label key={topic}>
          <input
            type="checkbox"
            name={`topic.${topic}`}
            defaultChecked={before === null || before.topics.includes(topic)}
          />
          {words.topicNames[topic]}
        </label>
      ))}
    </fieldset>
  );
}
