import { post } from './client.ts';

/** Trades the one-time token in the address for a session, and takes it out of the address and the history at once. */
export async function signInByLink(): Promise<'none' | 'done' | 'refused'> {
  const address = new URL(location.href);
  const token = address.searchParams.get('t');
  if (token === null) return 'none';
  address.searchParams.delete('t');
  history.replaceState(history.state, '', `${address.pathname}${address.search}${address.hash}`);
  try {
    await post('/session', { token });
    return 'done';
  } catch {
    return 'refused';
  }
}
