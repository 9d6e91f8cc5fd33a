import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.ts';
import { remove } from '../../api/client.ts';
import { Button } from '../../parts/Button.tsx';
import { Pairs, Section } from '../../parts/Layout.tsx';
import { wordOf } from '../../parts/status.ts';
import { setTheme, type Theme, useTheme } from '../../parts/theme.ts';
import { sayFailure } from '../../parts/toasts.tsx';
import { Keys } from './Keys.tsx';

export function SettingsPage() {
  const me = useQuery(meQuery).data;
  return (
    <article className="page page-narrow">
      <header className="page-head">
        <h1>Settings</h1>
      </header>
      <Section title="Look">
        <Look />
      </Section>
      <Section title="API keys">
        <Keys rights={me?.rights ?? []} />
      </Section>
      <Section title="You">
        <Pairs
          of={[
            { name: 'Name', value: me?.person?.name ?? '—' },
            { name: 'E-mail', value: me?.person?.email ?? '—' },
            { name: 'Role', value: me?.person ? wordOf(me.person.role) : '—' },
            { name: 'Workspace', value: me ? `${me.tenant.name} (${me.tenant.mode})` : '—' },
          ]}
        />
        <div className="page-actions">
          <Button onClick={() => void signOut()}>Sign out</Button>
        </div>
      </Section>
    </article>
  );
}

async function signOut(): Promise<void> {
  try {
    await remove('/session');
    location.assign('/');
  } catch (error) {
    sayFailure(error);
  }
}

const themes: readonly [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function Look() {
  const theme = useTheme();
  return (
    <fieldset className="choices">
      <legend className="hidden">Theme</legend>
      {themes.map(([value, label]) => (
        <label key={value} className="choice">
          <input type="radio" name="theme" value={value} checked={theme === value} onChange={() => setTheme(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
