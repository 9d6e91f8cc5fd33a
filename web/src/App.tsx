import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Refused } from './api/client.ts';
import { setNow } from './api/live.ts';
import { meQuery } from './api/queries.ts';
import { Failed } from './parts/States.tsx';
import { router } from './router.tsx';
import { SignIn } from './shell/SignIn.tsx';

/** Signed in or not: everything else is behind it. */
export function App({ link }: { link: 'none' | 'done' | 'refused' }) {
  const me = useQuery(meQuery);
  const now = me.data?.now;
  useEffect(() => {
    if (now !== undefined) setNow(now);
  }, [now]);
  if (me.data) return <RouterProvider router={router} />;
  if (me.error instanceof Refused && me.error.status === 401) return <SignIn used={link === 'refused'} />;
  if (me.error)
    return (
      <main className="plain">
        <Failed what="The console could not begin." error={me.error} again={() => void me.refetch()} />
      </main>
    );
  return null;
}
