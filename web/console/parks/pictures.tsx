import { useSignal } from '@preact/signals';
import { ArrowLeft, Trash2 } from 'lucide';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Outcome, type Problem, type Tagged } from '../../shared/api/outcome.ts';
import { uploadOf } from '../../shared/api/upload.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { shrinkPicture } from '../../shared/ui/shrink-picture.ts';
import { loadParks, type Park } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';

/** Wide enough for a large screen. */
const LONGEST_SIDE_PX = 2_000;

type Props = { readonly found: Tagged<Park>; readonly onChanged: () => Promise<unknown> };

/** The pictures of a park: the first one stands in the list of parks. */
export function Pictures({ found: { value: park, etag }, onChanged }: Props) {
  const { pictures: words } = texts();
  const problem = useSignal<Problem | null>(null);
  const isBusy = useSignal(false);
  const send = intentOf('addParkImage');

  const done = async (outcome: Outcome<unknown>, told: string): Promise<void> => {
    problem.value = outcome.ok ? null : outcome.problem;
    if (outcome.ok) say(told);
    await onChanged();
    await loadParks();
  };
  const put = async (images: readonly string[], told: string): Promise<void> => {
    const params = { path: { id: park.id }, header: { 'If-Match': etag } };
    await done(await outcomeOf(api.PUT('/api/v1/parks/{id}/images', { params, body: { images: [...images] } })), told);
  };
  const add = async (file: File): Promise<void> => {
    isBusy.value = true;
    const picture = await shrinkPicture(file, LONGEST_SIDE_PX);
    const params = { path: { id: park.id } };
    const added = await send(`${park.id} ${file.name} ${file.size} ${file.lastModified}`, (header) =>
      outcomeOf(api.POST('/api/v1/parks/{id}/images', { params: { ...params, header }, ...uploadOf(picture) })),
    );
    await done(added, words.added).finally(() => (isBusy.value = false));
  };
  const earlier = (index: number): readonly string[] => {
    const images = [...park.images];
    images.splice(index - 1, 0, ...images.splice(index, 1));
    return images;
  };

  return (
    <section class="card stack" aria-busy={isBusy.value}>
      <h2>{words.title}</h2>
      <p class="muted">{park.images.length === 0 ? words.none : words.lead}</p>
      <ul class="tiles plain-list">
        {park.images.map((src, index) => (
          <Picture
            key={src}
            src={src}
            number={index + 1}
            onEarlier={index === 0 ? null : () => put(earlier(index), words.moved)}
            onRemove={() =>
              put(
                park.images.filter((one) => one !== src),
                words.removed,
              )
            }
          />
        ))}
      </ul>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <label>
        {words.add}
        <input
          type="file"
          accept="image/jpeg,image/png,image/webp"
          disabled={isBusy.value}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) void add(file);
            currentTarget.value = '';
          }}
        />
      </label>
    </section>
  );
}

type PictureProps = {
  readonly src: string;
  /** Counted from 1. */
  readonly number: number;
  /** Null for the first one. */
  readonly onEarlier: (() => Promise<unknown>) | null;
  readonly onRemove: () => Promise<unknown>;
};

function Picture({ src, number, onEarlier, onRemove }: PictureProps) {
  const { pictures: words } = texts();
  return (
    <li class="picture">
      <img src={src} alt={words.numbered(number)} width="320" height="180" loading="lazy" />
      <div class="row">
        {onEarlier !== null && (
          <BusyButton class="secondary" onPress={onEarlier}>
            <Icon of={ArrowLeft} /> {words.earlier}
          </BusyButton>
        )}
        <BusyButton class="outline danger" onPress={onRemove}>
          <Icon of={Trash2} /> {words.remove}
        </BusyButton>
      </div>
    </li>
  );
}
