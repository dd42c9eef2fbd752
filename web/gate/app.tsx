import { ScanLine, Smartphone, Ticket, Wifi, WifiOff } from 'lucide';
import type { ComponentType } from 'preact';
import { ErrorBoundary, LocationProvider, Route, Router, lazy, useLocation } from 'preact-iso';
import { LanguageChoice } from '../shared/ui/choices.tsx';
import { Icon } from '../shared/ui/icon.tsx';
import { IdentityDialog } from '../shared/identity/identity-dialog.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { common } from '../shared/i18n/common.ts';
import type { Gate } from './device/gate.ts';
import { gate } from './device/running.ts';
import { EnrolPage } from './pages/enrol-page.tsx';
import { ScanPage } from './pages/scan-page.tsx';
import { texts } from './texts/texts.ts';

const SellPage = lazy(() => import('./pages/sell-page.tsx').then(({ SellPage: page }) => page));
const RefundsPage = lazy(() => import('./pages/refunds-page.tsx').then(({ RefundsPage: page }) => page));
const DevicePage = lazy(() => import('./pages/device-page.tsx').then(({ DevicePage: page }) => page));

type GatePage = ComponentType<{ readonly gate: Gate }>;

/** A page with the gate that runs. Made once: one that is made while the app is drawn would be another page, begun anew. */
const ofGate = (Page: GatePage) => () => {
  const running = gate.value;
  return typeof running === 'object' && running !== null ? <Page gate={running} /> : null;
};

const Scan = ofGate(ScanPage);
const Sell = ofGate(SellPage);
const Refunds = ofGate(RefundsPage);
const Device = ofGate(DevicePage);

const TABS = [
  { path: '/gate/', icon: ScanLine, name: 'scan' },
  { path: '/gate/sell', icon: Ticket, name: 'sell' },
  { path: '/gate/device', icon: Smartphone, name: 'device' },
] as const;

const isAt = (path: string, tab: string): boolean => path.replace(/\/$/, '') === tab.replace(/\/$/, '');

function Tabs() {
  const { path } = useLocation();
  return (
    <nav class="gate-tabs" aria-label={texts().title}>
      {TABS.map((tab) => (
        <a key={tab.path} href={tab.path} aria-current={isAt(path, tab.path) ? 'page' : undefined}>
          <Icon of={tab.icon} />
          {texts().tabs[tab.name]}
        </a>
      ))}
    </nav>
  );
}

/** Whether the park answers, seen from every page. */
function Contact({ of }: { readonly of: Gate }) {
  const isAlone = of.state.value.mode === 'alone';
  return (
    <span class={`badge ${isAlone ? 'warn' : 'good'}`} role="status">
      <Icon of={isAlone ? WifiOff : Wifi} />
      {isAlone ? texts().status.alone : texts().status.park}
    </span>
  );
}

function TopBar({ of }: { readonly of: Gate | null }) {
  return (
    <header class="top-bar">
      <div class="container row spread">
        <span class="brand">
          <img src="/gate/icon.svg" alt="" width="32" height="32" />
          {of?.enrolled.name ?? 'Sky Park'}
        </span>
        {of === null ? <LanguageChoice use={texts.use} /> : <Contact of={of} />}
      </div>
    </header>
  );
}

const Working = () => (
  <LocationProvider scope="/gate">
    <main class="container" id="content">
      <ErrorBoundary>
        <Router>
          <Route path="/gate/" component={Scan} />
          <Route path="/gate/sell" component={Sell} />
          <Route path="/gate/refunds" component={Refunds} />
          <Route path="/gate/device" component={Device} />
          <Route default component={Scan} />
        </Router>
      </ErrorBoundary>
    </main>
    <Tabs />
  </LocationProvider>
);

export function App() {
  const found = gate.value;
  const running = typeof found === 'object' ? found : null;
  return (
    <div class="gate">
      <a class="skip-link" href="#content">
        {common().skip}
      </a>
      <TopBar of={running} />
      {running !== null && <Working />}
      {found === null && <EnrolPage />}
      {found === 'other_tab' && (
        <main class="container" id="content">
          <h1>{texts().title}</h1>
          <p class="notice warn">{texts().enrol.otherTab}</p>
        </main>
      )}
      <IdentityDialog />
      <Toasts />
    </div>
  );
}
