import { ErrorBoundary, lazy, LocationProvider, Route, Router } from 'preact-iso';
import { Layout } from './ui/layout.tsx';
import { ParksPage } from './parks/parks-page.tsx';
import { NoPage } from './ui/no-page.tsx';

const ParkPage = lazy(() => import('./parks/park-page.tsx').then((module) => module.ParkPage));
const SignInPage = lazy(() => import('./account/sign-in-page.tsx').then((module) => module.SignInPage));
const TicketsPage = lazy(() => import('./tickets/tickets-page.tsx').then((module) => module.TicketsPage));
const TicketPage = lazy(() => import('./tickets/ticket-page.tsx').then((module) => module.TicketPage));
const PayPage = lazy(() => import('./pay/pay-page.tsx').then((module) => module.PayPage));

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
          <Route path="/pay/:id" component={PayPage} />
          <Route default component={NoPage} />
        </Router>
      </ErrorBoundary>
    </Layout>
  </LocationProvider>
);
