import { CloudOff } from 'lucide';
import { shownInstant } from '../../shared/format/day.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';

/** Says that what is shown was kept here, and when. */
export const KeptNotice = ({ savedAt }: { readonly savedAt: string }) => (
  <div class="notice warn" role="status">
    <Icon of={CloudOff} />
    <p class="words">{texts().ticket.kept(shownInstant(savedAt))}</p>
  </div>
);
