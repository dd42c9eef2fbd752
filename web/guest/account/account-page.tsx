import { Baby, ChevronRight, Hourglass, IdCard, KeyRound, LogOut, ShieldCheck, Sparkles, type IconNode } from 'lucide';
import { signOut } from '../../shared/api/sign-in.ts';
import type { User } from '../../shared/api/session.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SignedIn } from './signed-in.tsx';

type Way = { readonly href: string; readonly icon: IconNode; readonly label: string };

const waysOf = (words: ReturnType<typeof texts>): readonly Way[] => [
  { href: '/account/children', icon: Baby, label: words.children.title },
  { href: '/loyalty', icon: Sparkles, label: words.loyalty.title },
  { href: '/passes', icon: IdCard, label: words.passes.title },
  { href: '/waitlist', icon: Hourglass, label: words.waitlist.title },
  { href: '/account/security', icon: KeyRound, label: words.security.title },
  { href: '/account/privacy', icon: ShieldCheck, label: words.privacy.title },
];

const Ways = () => (
  <ul class="card ways">
    {waysOf(texts()).map(({ href, icon, label }) => (
      <li key={href}>
        <a href={href}>
          <Icon of={icon} />
          <span>{label}</span>
          <Icon of={ChevronRight} />
        </a>
      </li>
    ))}
  </ul>
);

const Account = ({ who }: { readonly who: User }) => (
  <div class="stack">
    <p class="lead">{texts().account.hello(who.name)}</p>
    <Ways />
    <section class="card stack">
      <h2>{texts().account.details}</h2>
      <ProfileForm />
    </section>
    <BusyButton class="secondary outline" onPress={signOut}>
      <Icon of={LogOut} /> {texts().account.signOut}
    </BusyButton>
  </div>
);

/** What belongs to the guest, and where to find it. */
export const AccountPage = () => (
  <Page title={texts().nav.account} narrow>
    <SignedIn>{(who) => <Account who={who} />}</SignedIn>
  </Page>
);
