import { ErrorBoundary, lazy, LocationProvider, Route, Router } from 'preact-iso';
import { Layout } from './ui/layout.tsx';
import { daysOfPark } from './booking/days.ts';
import { allParks, onePark } from './parks/parks.ts';
import { ParksPage } from './parks/parks-page.tsx';
import { NoPage } from './ui/no-page.tsx';

const ParkPage = lazy(() => import('./parks/park-page.tsx').then((module) => module.ParkPage));
const SignInPage = lazy(() => import('./account/sign-in-page.tsx').then((module) => module.SignInPage));
const TicketsPage = lazy(() => import('./tickets/tickets-page.tsx').then((module) => module.TicketsPage));
const TicketPage = lazy(() => import('./tickets/ticket-page.tsx').then((module) => module.TicketPage));
const ReceiptPage = lazy(() => import('./tickets/receipt-page.tsx').then((module) => module.ReceiptPage));
const LoyaltyPage = lazy(() => import('./club/loyalty-page.tsx').then((module) => module.LoyaltyPage));
const WaitlistPage = lazy(() => import('./club/waitlist-page.tsx').then((module) => module.WaitlistPage));
const PassesPage = lazy(() => import('./club/passes-page.tsx').then((module) => module.PassesPage));
const AccountPage = lazy(() => import('./account/account-page.tsx').then((module) => module.AccountPage));
const ChildrenPage = lazy(() => import('./account/children-page.tsx').then((module) => module.ChildrenPage));
const SecurityPage = lazy(() => import('./account/security-page.tsx').then((module) => module.SecurityPage));
const PrivacyPage = lazy(() => import('./account/privacy-page.tsx').then((module) => module.PrivacyPage));
const PayPage = lazy(() => import('./pay/pay-page.tsx').then((module) => module.PayPage));

/** Asks for what the page at an address shows, before the words are here that it is drawn with. */
export function fetchAhead(path: string): void {
  const parkId = /^\/parks\/([\w-]+)\/?$/.exec(path)?.[1];
  if (parkId === undefined) return void allParks();
  void ParkPage.preload();
  onePark.early(parkId);
  daysOfPark.early(parkId);
}

export const App = () => (
  <LocationProvider>
    <Layout>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={ParksPage} />
          <Route path="/parks/:id" component={ParkPage} />
          <Route path="/sign-in" component={SignInPage} />
          <Route path="/tickets" component={TicketsPage} />
          <Route path="/tickets/:id" component={TicketPage} />
          <Route path="/tickets/:id/receipt" component={ReceiptPage} />
          <Route path="/pay/:id" component={PayPage} />
          <Route path="/loyalty" component={LoyaltyPage} />
          <Route path="/waitlist" component={WaitlistPage} />
          <Route path="/passes" component={PassesPage} />
          <Route path="/account" component={AccountPage} />
          <Route path="/account/children" component={ChildrenPage} />
          <Route path="/account/security" component={SecurityPage} />
          <Route path="/account/privacy" component={PrivacyPage} />
          <Route default component={NoPage} />
        </Router>
      </ErrorBoundary>
    </Layout>
  </LocationProvider>
);
