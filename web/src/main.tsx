import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/pieces.css';
import './styles/shell.css';
import './styles/palette.css';
import './styles/grid.css';
import './styles/screens.css';
import './styles/home.css';
import './styles/inbox.css';
import './styles/feeds.css';
import './styles/catalog.css';
import './styles/listings.css';
import './styles/matches.css';
import './styles/pricing.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refused } from './api/client.ts';
import { signInByLink } from './api/session.ts';
import { App } from './App.tsx';
import { followTheme } from './parts/theme.ts';

followTheme();
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What was refused for a reason stays refused; a server that is away for a moment may come back.
      retry: (failures, error) => failures < 2 && (!(error instanceof Refused) || error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: false,
    },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
const link = await signInByLink();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App link={link} />
    </QueryClientProvider>
  </StrictMode>,
);
