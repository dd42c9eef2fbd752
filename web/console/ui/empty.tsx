import { PartyPopper } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from '../../shared/ui/icon.tsx';

/** Says that there is nothing, and what that means. */
export const Empty = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="empty card muted">
    <Icon of={PartyPopper} />
    <p>{children}</p>
  </div>
);
