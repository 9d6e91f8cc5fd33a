import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import { Kbd } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { modKey } from '../parts/keys.ts';
import { Time } from '../parts/Values.tsx';
import { useNow } from '../api/live.ts';
import { DemoClock } from './DemoClock.tsx';

interface Props {
  onSearch: () => void;
  onKeys: () => void;
}

export function Header({ onSearch, onKeys }: Props) {
  const me = useQuery(meQuery);
  const now = useNow();
  const mode = me.data?.tenant.mode ?? 'live';
  return (
    <header className={`header header-${mode}`}>
      <button type="button" className="header-search" onClick={onSearch}>
        <Icon name="search" />
        <span className="header-search-word">Search or do</span>
        <Kbd>{modKey}K</Kbd>
      </button>
      {mode === 'demo' ? (
        <DemoClock />
      ) : (
        <p className="header-mode">
          {mode === 'test' ? <span className="badge tone-wait">Test</span> : null} <Time at={now || null} />
        </p>
      )}
      <button type="button" className="icon-button header-keys" aria-label="Keys" title="Keys (?)" onClick={onKeys}>
        <Icon name="keys" />
      </button>
    </header>
  );
}
