import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { user, type User } from '../../shared/api/session.ts';
import { common } from '../../shared/i18n/common.ts';

/** The way to the sign-in page, and back here afterwards. */
export const signInAddress = (next: string): string => `/sign-in?next=${encodeURIComponent(next)}`;

/** A part of the app for guests who are signed in; others are asked to sign in first. */
export function SignedIn({ children }: { readonly children: (who: User) => ComponentChildren }) {
  const { route, url } = useLocation();
  const who = user.value;
  useEffect(() => {
    if (who === null) route(signInAddress(url), true);
  }, [who]);
  if (who !== null && who !== undefined) return <>{children(who)}</>;
  return (
    <div class="stack" aria-busy="true">
      <span class="visually-hidden" role="status">
        {common().loading}
      </span>
      <span class="skeleton tall" />
    </div>
  );
}
