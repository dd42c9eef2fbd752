import { Users } from 'lucide';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';

/** Somebody else saved while the reader was typing: nothing is lost, and nothing is overwritten unseen. */
export function ChangedMeanwhile({ onTakeNewer }: { readonly onTakeNewer: () => unknown }) {
  const { meanwhile: words } = texts();
  return (
    <div class="notice warn" role="alert">
      <Icon of={Users} />
      <div class="words">
        <p>
          <strong>{words.title}</strong>
        </p>
        <p>{words.lead}</p>
        <button type="button" class="secondary" onClick={() => void onTakeNewer()}>
          {words.takeNewer}
        </button>
      </div>
    </div>
  );
}
