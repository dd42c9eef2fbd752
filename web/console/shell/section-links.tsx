import { useLocation } from 'preact-iso';
import { isParkNode } from '../../shared/api/sign-in.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import type { Section } from './sections.ts';

type Props = { readonly sections: readonly Section[]; readonly class?: string };

/** Links to sections. Those that only headquarters can answer say so at the node of a park. */
export function SectionLinks({ sections, class: look = 'side-link' }: Props) {
  const { path: here } = useLocation();
  return (
    <>
      {sections.map(({ key, path, icon, at }) => (
        <a key={key} class={look} href={path} aria-current={here === path ? 'page' : undefined}>
          <Icon of={icon} />
          <span>{texts().sections[key]}</span>
          {at === 'hq' && isParkNode.value && <small class="badge">{texts().shell.hqOnly}</small>}
        </a>
      ))}
    </>
  );
}
