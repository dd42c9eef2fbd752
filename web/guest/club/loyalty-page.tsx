import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { dayOf, shownDate, shownInstant } from '../../shared/format/day.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';

type Standing = components['schemas']['Loyalty'];
type Tier = components['schemas']['LoyaltyTier'];
type Movement = components['schemas']['LoyaltyMovement'];

/** Levels that an administrator invents are called as they were named. */
const tierName = (name: string): string => {
  const words: Readonly<Record<string, string>> = texts().loyalty.tiers;
  return words[name] ?? name;
};

function Progress({ standing, tiers }: { readonly standing: Standing; readonly tiers: readonly Tier[] }) {
  const { next_tier: next, points_to_next_tier: missing } = standing;
  if (next === null || missing === null) return <p>{texts().loyalty.highest}</p>;
  const from = tiers.find(({ name }) => name === standing.tier)?.min_points ?? 0;
  const to = tiers.find(({ name }) => name === next)?.min_points ?? from + missing;
  return (
    <>
      <progress max={to - from} value={Math.max(0, to - from - missing)} aria-label={tierName(next)} />
      <p>{texts().loyalty.toNext(missing, tierName(next))}</p>
    </>
  );
}

const Now = ({ standing, tiers }: { readonly standing: Standing; readonly tiers: readonly Tier[] }) => (
  <section class="card stack points">
    <p class="balance">{texts().loyalty.points(standing.points)}</p>
    <p>
      <span class="badge good">{tierName(standing.tier)}</span>
    </p>
    <Progress standing={standing} tiers={tiers} />
    {standing.debt > 0 && <p class="notice warn">{texts().loyalty.debt(standing.debt)}</p>}
    {standing.expiring.map(({ points, expires_at: at }) => (
      <p key={at} class="muted">
        {texts().loyalty.lapses(points, shownDate(dayOf(at)))}
      </p>
    ))}
    <p class="muted">{texts().loyalty.how}</p>
  </section>
);

const Tiers = ({ tiers, now }: { readonly tiers: readonly Tier[]; readonly now: string }) => (
  <section class="card stack">
    <h2>{texts().loyalty.levels}</h2>
    <dl class="price-lines">
      {tiers.map(({ name, min_points: min, discount_percent: percent }) => (
        <div key={name} class={name === now ? 'current' : ''}>
          <dt>
            {tierName(name)}
            <small>{texts().loyalty.from(min)}</small>
          </dt>
          <dd>{percent === 0 ? '–' : `−${percent} %`}</dd>
        </div>
      ))}
    </dl>
  </section>
);

const Rows = ({ items }: { readonly items: readonly Movement[] }) => (
  <dl class="price-lines">
    {items.map(({ kind, points, moved_at: at }) => (
      <div key={`${at} ${kind} ${points}`}>
        <dt>
          {texts().loyalty.kinds[kind]}
          <small>{shownInstant(at)}</small>
        </dt>
        <dd>{points > 0 ? `+${points}` : points}</dd>
      </div>
    ))}
  </dl>
);

const movements = (cursor: string | null) =>
  outcomeOf(
    api.GET('/api/v1/loyalty/history', { params: { query: { limit: 20, ...(cursor === null ? {} : { cursor }) } } }),
  );

function History() {
  const first = useLoad(() => movements(null), []);
  const more = useSignal<{ readonly items: readonly Movement[]; readonly next: string | null } | null>(null);
  const problem = useSignal<Problem | null>(null);
  const next = more.value === null ? (first.value?.next_cursor ?? null) : more.value.next;
  const load = async (): Promise<void> => {
    const page = await movements(next);
    problem.value = page.ok ? null : page.problem;
    if (!page.ok) return;
    more.value = { items: [...(more.value?.items ?? []), ...page.value.items], next: page.value.next_cursor };
  };
  return (
    <section class="card stack">
      <h2>{texts().loyalty.history}</h2>
      <Loaded of={first}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="muted">{texts().loyalty.noHistory}</p>
          ) : (
            <Rows items={[...items, ...(more.value?.items ?? [])]} />
          )
        }
      </Loaded>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      {next !== null && (
        <BusyButton class="secondary" onPress={load}>
          {texts().showMore}
        </BusyButton>
      )}
    </section>
  );
}

function Points() {
  const standing = useLoad(async () => {
    const [now, tiers] = await Promise.all([
      outcomeOf(api.GET('/api/v1/loyalty')),
      outcomeOf(api.GET('/api/v1/loyalty/tiers', { params: { query: { limit: 100 } } })),
    ]);
    if (!now.ok) return now;
    if (!tiers.ok) return tiers;
    return { ok: true as const, value: { now: now.value, tiers: tiers.value.items } };
  }, []);
  return (
    <div class="stack">
      <Loaded of={standing} skeletons={2}>
        {({ now, tiers }) => (
          <>
            <Now standing={now} tiers={tiers} />
            <Tiers tiers={tiers} now={now.tier} />
          </>
        )}
      </Loaded>
      <History />
    </div>
  );
}

/** Points, the level they give, and where they came from. */
export const LoyaltyPage = () => (
  <Page title={texts().loyalty.title} narrow>
    <SignedIn>{() => <Points />}</SignedIn>
  </Page>
);
