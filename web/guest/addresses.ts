/** Addresses of the guest app; `*` stands for the rest. The node answers each with the same page. */
export const GUEST_PAGES = [
  '/',
  '/parks/*',
  '/sign-in',
  '/tickets',
  '/tickets/*',
  '/pay/*',
  '/loyalty',
  '/waitlist',
  '/passes',
  '/account',
  '/account/*',
] as const;

export const isGuestPage = (path: string): boolean =>
  GUEST_PAGES.some((page) => (page.endsWith('*') ? path.startsWith(page.slice(0, -1)) : path === page));
