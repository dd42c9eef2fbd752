import { signOut } from '../../shared/api/sign-in.ts';
import { words } from '../../shared/identity/words.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { texts } from '../texts/texts.ts';
import { OwnFactors } from './own-factors.tsx';

/** Where staff without a second factor set one up, before anything else. */
export const FactorPage = () => (
  <main class="door">
    <div class="card stack">
      <h1>{words().factor}</h1>
      <OwnFactors />
      <BusyButton class="secondary" onPress={signOut}>
        {texts().shell.signOut}
      </BusyButton>
    </div>
  </main>
);
