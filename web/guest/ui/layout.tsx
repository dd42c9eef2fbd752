import type { ComponentChildren } from 'preact';
import { CircleUserRound, FerrisWheel, Sparkles, Ticket, WifiOff, type IconNode } from 'lucide';
import { useLocation } from 'preact-iso';
import { common } from '../../shared/i18n/common.ts';
import { isOnline } from '../../shared/pwa/register.ts';
import { LanguageChoice, ThemeChoice } from '../../shared/ui/choices.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { IdentityDialog } from '../../shared/identity/identity-dialog.tsx';
import { Toasts } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';

type Place = {
  readonly href: string;
  readonly icon: IconNode;
  readonly label: string;
  readonly isHere: (path: string) => boolean;
};

const placesOf = (words: ReturnType<typeof texts>['nav']): readonly Place[] => [
  { href: '/', icon: FerrisWheel, label: words.parks, isHere: (path) => path === '/' || path.startsWith('/parks') },
  { href: '/tickets', icon: Ticket, label: words.tickets, isHere: (path) => /^\/(tickets|pay|waitlist)/.test(path) },
  { href: '/loyalty', icon: Sparkles, label: words.points, isHere: (path) => path.startsWith('/loyalty') },
  {
    href: '/account',
    icon: CircleUserRound,
    label: words.account,
    isHere: (path) => path.startsWith('/account') || path === '/sign-in',
  },
];

function Navigation() {
  const { path } = useLocation();
  return (
    <nav class="places" aria-label={texts().nav.label}>
      {placesOf(texts().nav).map(({ href, icon, label, isHere }) => (
        <a key={href} href={href} aria-current={isHere(path) ? 'page' : undefined}>
          <Icon of={icon} />
          <span>{label}</span>
        </a>
      ))}
    </nav>
  );
}

/** What is around every page: the name, where one can go, the language, and that there is no network. */
export const Layout = ({ children }: { readonly children: ComponentChildren }) => (
  <>
    <a class="skip-link" href="#content">
      {common().skip}
    </a>
    <header class="top-bar">
      <div class="frame row spread">
        <a class="brand" href="/">
          <img src="/icon.svg" alt="" width="32" height="32" />
          Sky Park
        </a>
        <Navigation />
        <LanguageChoice use={texts.use} />
      </div>
    </header>
    {!isOnline.value && (
      <p class="offline-strip" role="status">
        <Icon of={WifiOff} /> {texts().offlineStrip}
      </p>
    )}
    <main id="content" class="frame">
      {children}
    </main>
    <footer class="frame site-foot">
      <span class="muted">{texts().motto}</span>
      <ThemeChoice />
    </footer>
    <IdentityDialog />
    <Toasts />
  </>
);
